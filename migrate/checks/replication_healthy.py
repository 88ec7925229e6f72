"""The migration service replicates the old server, and complains of nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.fact import Unknown
from migrate.checks._replication import REPLICATED_AS, replication, seen, who
from migrate.checks._say import failed, listed, passed, unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.replication import Phase, Replication, Replications

_OVER = frozenset({Phase.ENDED, Phase.CUT_OVER})


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = replication(sight, parameters)
    if isinstance(found, CheckResult):
        return found
    return _judge(found)


def _judge(found: Replication) -> CheckResult:
    name, observed = who(found), seen(found)
    if found.phase in _OVER:
        return failed(f"{name} is replicated no more: {found.state}", **observed)
    if found.faults:
        return failed(f"{name} complains: {listed(list(found.faults))}", **observed)
    if isinstance(found.healthy, Unknown):
        return unknown(f"{name}: {found.healthy.detail}", **observed)
    if not found.healthy:
        return failed(f"{name} does not go on as it should: {found.state}", **observed)
    if isinstance(found.phase, Unknown):
        return unknown(f"{name}: {found.phase.detail}", **observed)
    return passed(f"{name} goes on without faults: {found.state}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {"replicated_as": REPLICATED_AS},
    },
    run=_run,
    reads="Asks the Application Migration Service, or every Recovery Services vault, for all that "
    "it replicates, and finds the old server in it.",
    about=About.OLD,
    of_cloud=OfCloud(
        aspects=(Replications,),
        passes="The old server is replicated, and the service reports no fault.",
        fails="A fault, a stalled, paused or ended replication, or one that has not caught up.",
        unknown="The old server is not surely one of those that are replicated, or the service "
        "gives a state that is new to us.",
    ),
)
