"""Judge servers for each cloud: will they run, can they move, are they maintained, at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.output import format_option

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.session import Session


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "--target",
    type=click.Choice(["aws", "azure"]),
    multiple=True,
    help="Judge for this cloud only.  [default: both]",
)
@click.option("--explain", is_flag=True, help="Print what was found and what is missing, too.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Judge support as of that day; kept only when that is today.",
)
@click.option(
    "--compare",
    "before",
    metavar="BEFORE",
    help="Say what changed since a day, a version of the rules, or by a folder of rules; keep "
    "nothing.",
)
@format_option()
@click.pass_obj
def classify(
    session: Session,
    names: tuple[str, ...],
    target: tuple[str, ...],
    *,
    explain: bool,
    as_of: datetime | None,
    before: str | None,
    form: str,
) -> None:
    """Judge servers, all unless named, and keep the verdicts.

    \b
        decant classify
        decant classify web-1 --target azure --explain
        decant classify --as-of 2027-10-12
        decant classify --compare 2026-11-01

    The three axes are never blended: fit (will it run there), move (can it be moved there) and
    support (are its system and software maintained). What decides but is not known makes an axis
    unknown. Coverage grades how much of what decides was known, from A (all) to E. Costs are
    pounds a month, without VAT, as it is today; "over" means that something has no price.
    Findings do not change the exit code: decant validate does that.

    --compare judges anew and traces each change: the facts of then are judged by the rules of now,
    then as of today, then with the facts of now; "because" names the steps that changed it.
    """
    from migrate.catalogue.datasets import datasets
    from migrate.catalogue.overlay import catalogue_of
    from migrate.catalogue.staleness import in_a_line, staleness
    from migrate.cli._verdicts_told import Told
    from migrate.model.verdict import Cloud
    from migrate.stages.classify import compare, run_telling

    clouds = tuple(Cloud(each) for each in dict.fromkeys(target)) or tuple(Cloud)
    if before and as_of:
        raise UsageError("--compare and --as-of do not go together", hint="give one of them")
    estate, now = session.estate(), session.now()
    if before:
        from migrate.cli._compared import print_changes, summary

        with session.store(estate) as store:
            found = compare(store, estate, before, at=now, names=names, clouds=clouds)
        print_changes(found, form)
        session.say(summary(found))
        return
    day = as_of.date() if as_of else None
    with session.store(estate) as store:
        told = Told(form, explain=explain)
        run_telling(store, estate, told.add, at=now, names=names, clouds=clouds, as_of=day)
    told.print()
    for line in told.summary():
        session.say(line)
    if day and day != now.date():
        session.say(f"as of {day}: these verdicts are not kept")
    stale = in_a_line(staleness(datasets(catalogue_of(estate.folder)), now.date()))
    if stale:
        session.say(stale)


COMMAND = classify
