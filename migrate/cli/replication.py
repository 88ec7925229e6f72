"""Show how far migration services have come with each server that moves to their cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inventory.errors import FINE, PARTLY_UNKNOWN
from inventory.model.fact import Unknown
from inventory.output import format_option, print_rows
from inventory.session import Session

if TYPE_CHECKING:
    from migrate.stages.replication import Replicated

COLUMNS = ("server", "wave", "to", "phase", "healthy", "lag_seconds", "launched", "said")
MORE_COLUMNS = (*COLUMNS, "service", "replicated_as", "backlog_bytes", "last_snapshot")


@click.command()
@format_option()
@click.pass_obj
def replication(session: Session, form: str) -> int:
    """Show how far migration services have come with each server that moves to their cloud.

    \b
        decant replication
        decant replication --format json

    The Application Migration Service and the Recovery Services vaults are asked for all that they
    replicate, once for all servers of the plan. What they say in their own words stands under
    "said"; so does why a server cannot be found there. Nothing is changed.
    Exit code 3 when something of it is unknown.
    """
    from migrate.stages.replication import run
    from migrate.workbench import open_workbench

    with open_workbench(session) as bench:
        found = run(bench)
    columns = COLUMNS if form == "table" else MORE_COLUMNS
    empty = "no server of the plan moves to AWS or Azure"
    print_rows([_row(each) for each in found], columns, form, empty=empty)
    return PARTLY_UNKNOWN if any(_is_unknown(each) for each in found) else FINE


def _is_unknown(each: Replicated) -> bool:
    found = each.found
    return isinstance(found, Unknown) or isinstance(found.phase, Unknown)


def _row(each: Replicated) -> dict[str, Any]:
    move, found = each.move, each.found
    row = {"server": move.server, "wave": move.wave, "to": move.to.value}
    if isinstance(found, Unknown):
        return {**row, "phase": "unknown", "said": found.detail}
    launch = found.cut_over or found.test
    at = found.last_snapshot
    return {
        **row,
        "phase": _known(found.phase, lambda phase: phase.value),
        "healthy": _known(found.healthy, lambda healthy: "yes" if healthy else "no"),
        "lag_seconds": _known(found.lag_seconds, lambda seconds: seconds),
        "launched": launch.resource if launch else None,
        "said": "; ".join([found.state, *found.faults]),
        "service": found.service,
        "replicated_as": found.id,
        "backlog_bytes": _known(found.backlog_bytes, lambda size: size),
        "last_snapshot": at.isoformat() if at else None,
    }


def _known(value: Any, put: Any) -> Any:
    return "unknown" if isinstance(value, Unknown) else put(value)


COMMAND = replication
