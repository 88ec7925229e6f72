"""List who uses whom, as the servers' connections show."""

from __future__ import annotations

import click

from inventory.output import format_option, print_rows
from inventory.session import Session

_COLUMNS = ("client", "server", "port", "protocol", "process", "connections")
_EXACT = ("client_id", "server_id", *_COLUMNS)


@click.command()
@click.option(
    "--graph",
    type=click.Choice(["dot", "mermaid"]),
    help="Print a graph for Graphviz or Mermaid instead of a listing.",
)
@format_option()
@click.pass_obj
def connections(session: Session, graph: str | None, form: str) -> None:
    """List who uses whom, as the servers' connections show.

    \b
        decant connections
        decant connections --graph dot | dot -Tsvg > estate.svg

    Seen at the moment when each server was asked: what was idle then is not in it. An end that is
    no server of the estate is shown by its address. Port 22 is how servers are looked after,
    decant's own visits included.
    """
    from inventory.cli._graph import GRAPHS
    from inventory.cli._landscape import Landscape
    from inventory.store.servers import servers

    estate = session.estate()
    with session.store(estate) as store:
        landscape = Landscape(estate, servers(store))
    if graph:
        click.echo(GRAPHS[graph](landscape.dependencies, landscape.name))
        return
    rows = [
        {
            **vars(each),
            "client_id": each.client,
            "server_id": each.server,
            "client": landscape.name(each.client),
            "server": landscape.name(each.server),
        }
        for each in landscape.dependencies
    ]
    rows.sort(key=lambda row: (row["client"], row["server"], row["port"]))
    empty = "no connection is known yet: run decant discover"
    print_rows(rows, _COLUMNS if form == "table" else _EXACT, form, empty=empty)


COMMAND = connections
