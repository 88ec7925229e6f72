"""List who uses whom, as the servers' connections show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.amount import amount
from inventory.errors import UsageError
from inventory.output import format_option, print_json, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.cli._landscape import Landscape
    from inventory.model.application import ApplicationDependency, Dependency
    from inventory.model.sighting import Observed

_COLUMNS = ("client", "server", "port", "protocol", "process", "connections")
_EXACT = (
    "client_id", "server_id", *_COLUMNS, "client_processes", "looks", "first_seen", "last_seen",
)  # fmt: skip
_LINKS = ("client", "client_application", "server", "server_application", "port", "protocol")
_EXACT_LINKS = (
    "client_id", "server_id", *_LINKS, "connections", "is_loopback", "first_seen", "last_seen",
)  # fmt: skip
_OUTSIDE = ("address", "direction", "server", "port", "protocol", "process", "connections")
_EMPTY = "no connection is known yet: run decant discover"


@click.command()
@click.option(
    "--graph",
    type=click.Choice(["dot", "mermaid", "json"]),
    help="Print a graph for Graphviz, Mermaid or programs instead of a listing.",
)
@click.option(
    "--applications",
    "by_application",
    is_flag=True,
    help="Show which application uses which, also within a server.",
)
@click.option("--outside", is_flag=True, help="Show only what leads out of the estate, or in.")
@format_option()
@click.pass_obj
def connections(
    session: Session, graph: str | None, *, by_application: bool, outside: bool, form: str
) -> None:
    """List who uses whom, as the servers' connections show.

    \b
        decant connections
        decant connections --applications
        decant connections --graph dot | dot -Tsvg > estate.svg

    All that was ever seen is listed; JSON and CSV say when first and last, and in how many looks
    at the servers. What was idle at each look is not in it. An end that is no server of the estate
    is shown by its address. Port 22 is how servers are looked after, decant's own visits included.
    """
    from inventory.cli._landscape import Landscape
    from inventory.cli._words import moment
    from inventory.store.servers import servers
    from inventory.store.sightings import observed, sightings

    if outside and (graph or by_application):
        raise UsageError("--outside goes with neither --graph nor --applications")
    estate = session.estate()
    with session.store(estate) as store:
        landscape = Landscape(estate, servers(store), sightings(store))
        window = observed(store)
    if graph:
        _draw(landscape, window, graph, by_application=by_application)
        return
    if outside:
        print_rows(_leading_out(landscape), _OUTSIDE, form, empty="nothing leads out of the estate")
    elif by_application:
        rows = _rows(landscape, landscape.application_dependencies)
        print_rows(rows, _LINKS if form == "table" else _EXACT_LINKS, form, empty=_EMPTY)
    else:
        rows = _rows(landscape, landscape.dependencies)
        print_rows(rows, _COLUMNS if form == "table" else _EXACT, form, empty=_EMPTY)
    if form == "table" and window.since and window.until:
        looks, whom = amount(window.looks, "look"), amount(window.servers, "server")
        session.say(
            f"seen in {looks} at {whom}, {moment(window.since)} to {moment(window.until)} UTC"
        )


def _draw(landscape: Landscape, window: Observed, graph: str, *, by_application: bool) -> None:
    from inventory.cli._graph import GRAPHS, application_edges, application_name
    from inventory.cli._graph_json import graph_document

    if graph == "json":
        print_json(graph_document(landscape, window))
    elif by_application:
        edges = application_edges(landscape.application_dependencies)
        click.echo(GRAPHS[graph](edges, application_name(landscape.name)))
    else:
        click.echo(GRAPHS[graph](landscape.dependencies, landscape.name))


def _rows(
    landscape: Landscape, dependencies: Iterable[Dependency | ApplicationDependency]
) -> list[dict[str, Any]]:
    rows = [
        {
            **vars(each),
            "client_id": each.client,
            "server_id": each.server,
            "client": landscape.name(each.client),
            "server": landscape.name(each.server),
            "first_seen": each.first_seen.isoformat() if each.first_seen else None,
            "last_seen": each.last_seen.isoformat() if each.last_seen else None,
        }
        for each in dependencies
    ]
    return sorted(rows, key=lambda row: (row["client"], row["server"], row["port"]))


def _leading_out(landscape: Landscape) -> list[dict[str, Any]]:
    """Return the ends outside, each with the server that it uses or that uses it."""
    known = {each.id for each in landscape.servers}
    rows = [
        {
            **vars(each),
            "address": landscape.name(each.client if each.client not in known else each.server),
            "direction": "comes in" if each.client not in known else "goes out",
            "server": landscape.name(each.server if each.client not in known else each.client),
        }
        for each in landscape.dependencies
        if each.client not in known or each.server not in known
    ]
    return sorted(rows, key=lambda row: (row["direction"], row["address"], row["port"]))


COMMAND = connections
