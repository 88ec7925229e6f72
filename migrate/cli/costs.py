"""Show what servers cost over some years, where they stand and in each cloud, and their carbon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.output import format_option, print_json, print_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.estate import Estate
    from inventory.model.server import Server
    from inventory.session import Session
    from migrate.model.cost import Costs

WAYS = ("on-demand", "savings-1y", "savings-3y", "reserved-1y", "reserved-3y")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--years",
    type=click.IntRange(1, 30),
    default=5,
    show_default=True,
    help="How many years from today on.",
)
@click.option(
    "--buy",
    type=click.Choice(WAYS),
    default="on-demand",
    show_default=True,
    help="How compute is bought in a cloud; without payment in advance.",
)
@click.option("--explain", is_flag=True, help="Print each line with its basis, too.")
@format_option()
@click.pass_obj
def costs(
    session: Session, names: tuple[str, ...], years: int, buy: str, explain: bool, form: str
) -> None:
    """Show what servers cost, all unless named, with the total of each place.

    \b
        decant costs
        decant costs web-1 --buy reserved-3y --explain

    In a cloud each server is on the size that decant classify chose. On premise the figures are
    the estate's own, from [[on_premise]] in decant.toml. Nothing unknown counts as nought: "over"
    means that something is left out, and --explain names it, as do the other formats. Carbon is
    kilograms of CO2 equivalent a month, an estimate.
    """
    from inventory.store.servers import find_server, servers
    from migrate.catalogue.overlay import catalogue_of
    from migrate.costing.bills import costing, only
    from migrate.model.cost import Purchase
    from migrate.records import load_verdicts

    estate = session.estate()
    with session.store(estate) as store:
        every, verdicts = servers(store), load_verdicts(store)
        chosen = frozenset(find_server(store, name).id for name in names)
    reckoned = costing(
        estate,
        since=session.now().date(),
        years=years,
        purchase=Purchase(buy),
        catalogue=catalogue_of(estate.folder),
    )
    found = reckoned.costs(every, verdicts, _applications(estate, every))
    shown = only(found, chosen) if names else found
    _print(shown, form, whole=not names)
    if explain and form == "table":
        from migrate.cli._costs_explained import explained

        by_key = {(each.server_id, each.cloud.value): each for each in verdicts}
        for line in explained(shown, reckoned, by_key):
            click.echo(line)
    if not verdicts:
        session.say("no server is classified yet: run decant classify to see the clouds")


def _applications(estate: Estate, every: Sequence[Server]) -> Mapping[str, frozenset[str]]:
    """Return what runs on each server, of those of which that could be seen."""
    from inventory.applications.fingerprints import load_fingerprints
    from inventory.applications.matcher import Matcher
    from migrate.judging.derived import APPLICATIONS, Estatewide, derived

    matcher, nothing = Matcher(load_fingerprints(estate.folder)), Estatewide.of(())
    found = {server.id: derived(server, nothing, matcher).value(APPLICATIONS) for server in every}
    return {
        server_id: frozenset(each.id for each in applications)
        for server_id, applications in found.items()
        if applications is not None
    }


def _print(costs: Costs, form: str, *, whole: bool) -> None:
    if form == "json":
        from inventory.model.codec import to_plain

        bills = [{**to_plain(each), "total": to_plain(each.total)} for each in costs.bills]
        print_json({**to_plain(costs), "bills": bills})
        return
    from migrate.cli._costs_rows import columns, rows

    empty = "no servers yet; run decant discover first"
    print_rows(rows(costs, form, whole=whole), columns(costs, form), form, empty=empty)


COMMAND = costs
