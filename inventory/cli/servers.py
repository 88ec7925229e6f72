"""List the servers, whether they answer or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from inventory.model.fact import FactKey
    from inventory.model.server import Server

_COLUMNS = (
    *("name", "target", "os", "cpus", "memory", "virtualisation", "boot", "power"),
    *("last_answered", "state"),
)
_EXACT = ("id", *(name.replace("memory", "memory_bytes") for name in _COLUMNS))


@click.command()
@click.option("--unreachable", is_flag=True, help="Only those that did not answer when last asked.")
@format_option()
@click.pass_obj
def servers(session: Session, *, unreachable: bool, form: str) -> None:
    """List the servers, whether they answer or not.

    \b
        decant servers
        decant servers --unreachable --format csv

    JSON and CSV hold ids, whole bytes and exact times. What is not known is null in JSON and
    "unknown" elsewhere; decant show NAME says why. State is "answered", or why it did not, or why
    the server may be gone. Processors and memory are those that the server sees; of one that was
    never asked, those that it is given.
    """
    from inventory.model import facts, placement
    from inventory.store.servers import servers as read

    wanted = (
        *(facts.OS_NAME, facts.OS_ID, facts.OS_VERSION, facts.CPU_THREADS, facts.MEMORY_TOTAL),
        *(facts.VIRTUALISATION, facts.BOOT_TYPE),
        *(placement.CONFIGURED_CPUS, placement.CONFIGURED_MEMORY, placement.POWER),
    )
    with session.store(session.estate()) as store:
        found = read(store, only=wanted)
    rows = [_row(each, form) for each in found if each.unreachable or not unreachable]
    empty = "every server answered" if found else "no server is known yet: run decant discover"
    print_rows(rows, _COLUMNS if form == "table" else _EXACT, form, empty=empty)


def _row(server: Server, form: str) -> dict[str, Any]:
    from inventory.cli._parts import size
    from inventory.cli._words import UNKNOWN, moment

    row = _exact(server)
    if form == "json":
        return row
    if form == "table":
        memory = row["memory_bytes"]
        row["memory"] = None if memory is None else size(memory)
        row["last_answered"] = moment(server.last_answered)
    return {name: UNKNOWN if value is None else value for name, value in row.items()}


def _exact(server: Server) -> dict[str, Any]:
    from inventory.model import facts, placement

    boot = server.facts.value(facts.BOOT_TYPE)
    power = server.facts.value(placement.POWER)
    return {
        "id": server.id,
        "name": server.name,
        "target": server.target,
        "os": _system(server),
        "cpus": _first(server, facts.CPU_THREADS, placement.CONFIGURED_CPUS),
        "memory_bytes": _first(server, facts.MEMORY_TOTAL, placement.CONFIGURED_MEMORY),
        "virtualisation": server.facts.value(facts.VIRTUALISATION),
        "boot": boot.value if boot else None,
        "power": power.value if power else None,
        "last_answered": server.last_answered.isoformat() if server.last_answered else None,
        "state": _state(server),
    }


def _first(server: Server, *keys: FactKey[int]) -> int | None:
    values = (server.facts.value(key) for key in keys)
    return next((value for value in values if value is not None), None)


def _state(server: Server) -> str:
    if server.gone:
        return server.gone
    if server.unreachable:
        return str(server.unreachable.detail or server.unreachable.reason.value)
    return "answered"


def _system(server: Server) -> str | None:
    from inventory.model import facts

    parts = (server.facts.value(facts.OS_ID), server.facts.value(facts.OS_VERSION))
    return server.facts.value(facts.OS_NAME) or " ".join(each for each in parts if each) or None


COMMAND = servers
