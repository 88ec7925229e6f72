"""List the applications, and where they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from inventory.model.application import Application
    from inventory.model.server import Server

_COLUMNS = ("name", "server", "version", "ports", "confidence", "why")
_EXACT = ("id", "server_id", "vendor", "category", *_COLUMNS)


@click.command()
@click.argument("servers", nargs=-1, metavar="[SERVER]...")
@format_option()
@click.pass_obj
def applications(session: Session, servers: tuple[str, ...], form: str) -> None:
    """List the applications, and where they run.

    \b
        decant applications
        decant applications web-1 --format json

    Each is listed with what it was recognised by and how sure that is. A process that listens
    and that nothing names is listed, too. SERVER is a name or an id; without one, all are listed.
    """
    from inventory.cli._landscape import Landscape
    from inventory.store.servers import find_server
    from inventory.store.servers import servers as read

    estate = session.estate()
    with session.store(estate) as store:
        found = tuple(find_server(store, text) for text in servers) if servers else read(store)
    landscape = Landscape(estate, found)
    rows = [_row(each, server) for server in found for each in landscape.applications(server)]
    rows.sort(key=lambda row: (row["name"].lower(), row["server"], row["server_id"]))
    empty = "no application is known yet: run decant discover"
    print_rows(rows, _COLUMNS if form == "table" else _EXACT, form, empty=empty)


def _row(application: Application, server: Server) -> dict[str, Any]:
    return {
        "id": application.id,
        "server_id": server.id,
        "vendor": application.vendor,
        "category": application.category,
        "name": application.name,
        "server": server.name,
        "version": application.version,
        "ports": application.ports,
        "confidence": application.confidence.value,
        "why": application.why,
    }


COMMAND = applications
