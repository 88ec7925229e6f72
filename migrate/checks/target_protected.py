"""The new server is protected from being deleted by a slip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Destination
from migrate.model.playbook import About
from migrate.model.target_protection import DeletionProtection, StopProtection


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    deletion = aspect(sight, DeletionProtection)
    if isinstance(deletion, CheckResult):
        return deletion
    faults = [] if deletion.on else ["nothing keeps it from being deleted"]
    fine = f"protected by {', '.join(deletion.by)}"
    if not parameters.get("stop"):
        return judged(sight, faults, [], fine, deletion)
    if sight.move.to is not Destination.AWS:
        return judged(sight, faults, ["only AWS can protect from stopping"], fine, deletion)
    stop = aspect(sight, StopProtection)
    if isinstance(stop, CheckResult):
        return judged(sight, faults, [f"stop protection: {stop.detail}"], fine, deletion)
    if not stop.on:
        faults.append("nothing keeps it from being stopped")
    seen = {"deletion": deletion, "stop": stop}
    return judged(sight, faults, [], f"{fine} and stop protection", seen)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "stop": {
                "type": "boolean",
                "default": False,
                "description": "whether it must be protected from being stopped, too (AWS); that "
                "costs one call more for each server",
            }
        },
    },
    run=_run,
    reads="Asks AWS for the instance's termination protection, one call for each server; asks "
    "Azure for the locks on the server, its resource group and its subscription.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(DeletionProtection, StopProtection),
        passes="Termination protection is on; on Azure a CanNotDelete or ReadOnly lock covers it.",
        fails="Neither is; with stop, stop protection is off.",
        unknown="With stop, anywhere but on AWS.",
        on_request=frozenset({StopProtection}),
    ),
)
