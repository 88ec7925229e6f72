"""List the applications, and where they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.errors import UsageError
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from inventory.cli._landscape import Landscape
    from inventory.model.application import Application
    from inventory.model.server import Server

_COLUMNS = ("name", "server", "version", "ports", "confidence", "why")
_AGENTS = ("server", "category", "name", "version", "state", "confidence", "why")
_EXACT = (
    "id", "server_id", "vendor", "category", *_COLUMNS, "state", "agent", "purpose",
    "lifecycle_product", "instances",
)  # fmt: skip
_INSTANCES = (
    "application", "server", "kind", "instance", "of", "version", "size", "ports", "path",
    "details",
)  # fmt: skip
_EXACT_INSTANCES = ("server_id", *_INSTANCES[:6], "size_bytes", *_INSTANCES[7:])
_STATES = {True: "runs", False: "does not run", None: "unknown"}


@click.command()
@click.argument("servers", nargs=-1, metavar="[SERVER]...")
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="NAME",
    help="Only those of a category: database, web, monitoring, backup … May be given again.",
)
@click.option("--agents", is_flag=True, help="Only the agents that look after each server.")
@click.option(
    "--instances",
    is_flag=True,
    help="What they consist of: clusters, databases, sites, deployments, projects.",
)
@format_option()
@click.pass_obj
def applications(
    session: Session,
    servers: tuple[str, ...],
    categories: tuple[str, ...],
    *,
    agents: bool,
    instances: bool,
    form: str,
) -> None:
    """List the applications, and where they run.

    \b
        decant applications
        decant applications web-1 --format json
        decant applications --category monitoring --category backup
        decant applications --agents
        decant applications --instances

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
    wanted = _wanted(landscape, categories)
    pairs = [
        (each, server)
        for server in found
        for each in landscape.applications(server)
        if (not wanted or each.category in wanted) and (each.is_agent or not agents)
    ]
    if instances:
        rows = [row for each, server in pairs for row in _instances(each, server)]
        columns: Sequence[str] = _INSTANCES if form == "table" else _EXACT_INSTANCES
        empty = "no instance of an application is known"
    else:
        rows = [_row(each, server, form) for each, server in pairs]
        columns = (_AGENTS if agents else _COLUMNS) if form == "table" else _EXACT
        empty = _empty(landscape, is_part=bool(wanted) or agents)
    order = ("server", "category") if agents and not instances else ("name", "server", "server_id")
    rows.sort(key=lambda row: tuple(row[each].lower() for each in order))
    print_rows(rows, columns, form, empty=empty)


def _wanted(landscape: Landscape, categories: tuple[str, ...]) -> Collection[str]:
    """Return the categories that were asked for; one that does not exist is refused by name."""
    known = landscape.categories
    for each in categories:
        if each not in known:
            raise UsageError(
                f"there is no category {each!r}", hint=f"the categories are {', '.join(known)}"
            )
    return categories


def _empty(landscape: Landscape, *, is_part: bool) -> str:
    if is_part and any(landscape.applications(server) for server in landscape.servers):
        return "none of the applications that are known is one of these"
    return "no application is known yet: run decant discover"


def _row(application: Application, server: Server, form: str) -> dict[str, Any]:
    from inventory.model.codec import to_plain

    parts = application.instances
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
        "state": _STATES[application.runs],
        "agent": application.is_agent,
        "purpose": application.purpose,
        "lifecycle_product": application.lifecycle_product,
        "instances": [
            to_plain(each) if form == "json" else f"{each.kind.value} {each.name}" for each in parts
        ],
    }


def _instances(application: Application, server: Server) -> list[dict[str, Any]]:
    from inventory.cli._parts import size

    return [
        {
            "name": application.name,
            "server_id": server.id,
            "application": application.name,
            "server": server.name,
            "kind": each.kind.value,
            "instance": each.name,
            "of": each.of,
            "version": each.version,
            "size": None if each.size_bytes is None else size(each.size_bytes),
            "size_bytes": each.size_bytes,
            "ports": each.ports,
            "path": each.path,
            "details": [f"{detail.name}: {detail.value}" for detail in each.details],
        }
        for each in application.instances
    ]


COMMAND = applications
