"""The migration service is ready to launch the old server: as a copy to test, or for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._replication import REPLICATED_AS, replication, seen, who
from migrate.checks._say import failed, passed, unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.replication import Phase, Replications

_ENOUGH: Final = {
    "test": frozenset({Phase.READY_FOR_TEST, Phase.TESTING, Phase.READY_FOR_CUT_OVER}),
    "cut-over": frozenset({Phase.READY_FOR_CUT_OVER}),
}


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = replication(sight, parameters)
    if isinstance(found, CheckResult):
        return found
    name, observed, wanted = who(found), seen(found), str(parameters.get("for", "test"))
    if isinstance(found.phase, Unknown):
        return unknown(f"{name}: {found.phase.detail}", **observed)
    if found.phase not in _ENOUGH[wanted]:
        return failed(f"{name} is {found.phase.value}, not ready for {wanted}", **observed)
    if isinstance(found.lag_seconds, Unknown) and found.allowed is None:
        return unknown(f"{name}: {found.lag_seconds.detail}", **observed)
    return passed(f"{name} is {found.phase.value}", **observed)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "replicated_as": REPLICATED_AS,
            "for": {
                "enum": sorted(_ENOUGH),
                "default": "test",
                "description": "What it is to be ready for.",
            },
        },
    },
    run=_run,
    reads="Reads how far the old server has come in the Application Migration Service (its life "
    "cycle) or in Site Recovery (which operations it would allow).",
    about=About.OLD,
    of_cloud=OfCloud(
        aspects=(Replications,),
        passes="A copy can be launched; for the cut-over: one was launched and found good.",
        fails="It has not come that far, or it is past that.",
        unknown="The state is new to us, or the old server is not surely one of those that are "
        "replicated.",
    ),
)
