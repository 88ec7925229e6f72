"""Nothing on the old server is started by the clock any more, so that nothing comes back by itself.

What a system schedules for its own upkeep may stay. Source: AWS's guide to retiring applications
has schedules and cron entries removed when an application is stopped, so that it does not start
again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.amount import amount
from inventory.model.fact import Unknown
from inventory.model.software import ScheduledJob
from migrate.checks._cycle import matches
from migrate.checks._jobs import jobs_of
from migrate.checks._say import failed, listed, passed, unknown
from migrate.checks.jobs_parity import CHECK as PARITY
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MOST_TOLD: Final = 200
_UPKEEP: Final[list[str]] = PARITY.parameters["properties"]["leave_out"]["default"]
"""What jobs-parity leaves out."""


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    jobs = jobs_of(sight.old)
    if isinstance(jobs, Unknown):
        return unknown(f"jobs of the old server: {jobs}")
    wanted = parameters.get("jobs", ["*"])
    keep = parameters.get("keep", _UPKEEP)
    named = [each for each in jobs if matches(each, wanted)]
    left = [each for each in named if not matches(each, keep)]
    kept = [each for each in named if matches(each, keep)]
    observed = {
        "left": [_tell(each) for each in left[:_MOST_TOLD]],
        "left_count": len(left),
        "kept": [_tell(each) for each in kept[:_MOST_TOLD]],
    }
    if left:
        words = listed([_tell(each) for each in left])
        return failed(f"still scheduled: {words}", **observed)
    if "jobs" in parameters:
        return passed(f"none of these is scheduled any more: {listed(list(wanted))}", **observed)
    upkeep = f" but {amount(len(kept), 'job')} of the system's own upkeep" if kept else ""
    return passed(f"nothing is scheduled any more{upkeep}", **observed)


def _tell(job: ScheduledJob) -> str:
    return f"{job.source} ({job.schedule}) {job.command}"


_PATTERNS: Final[dict[str, Any]] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "uniqueItems": True,
}

CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "jobs": {
                **_PATTERNS,
                "description": "Jobs that must be gone, by source or command, * for anything; all "
                "but those of keep unless given.",
            },
            "keep": {
                **_PATTERNS,
                "description": "Jobs that may stay; what systems do for themselves unless given.",
                "default": _UPKEEP,
            },
        },
    },
    run=_run,
    reads="Looks at the old server's timers, crontabs and the jobs that wait for at.",
    about=About.OLD,
)
