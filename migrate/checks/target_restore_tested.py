"""A backup of what replaces the server was restored, and what came back was right.

The provider's record of a restore counts. Whether what came back was right is told by the
validation of AWS Backup's restore testing; Azure Backup keeps no such record. What the provider
does not tell is declared by people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from inventory.amount import amount
from inventory.model.fact import Unknown
from migrate.checks._asked import schema
from migrate.checks._conditions import as_json, aspect
from migrate.checks._record import Terms, declarations, judge
from migrate.checks._say import failed, passed, unknown
from migrate.model.check import Asked, Check, OfCloud, Sight
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.playbook import About
from migrate.model.target_backup import Backups, Restore, RestoreState

_ASKED: Final = Asked(
    about="target-restore-tested",
    what="A backup of what replaces the server was restored, and what came back was looked at.",
    document="the record of the restore",
)
_DAYS: Final = 90


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    days = parameters.get("max_age_days", _DAYS)
    told = _told(sight, days, validated=parameters.get("validated", True))
    if told.outcome is not Outcome.UNKNOWN:
        return told
    said = judge(sight, (_ASKED,), Terms(max_age_days=days))
    if said.outcome is Outcome.UNKNOWN or not declarations(sight, _ASKED.about):
        return replace(told, detail=f"{told.detail}; {said.detail}")
    return replace(
        said,
        detail=f"{said.detail}; by the cloud's own record: {told.detail}",
        observed={**told.observed, **said.observed},
    )


def _told(sight: Sight, days: int, *, validated: bool) -> CheckResult:
    """Say what the provider's own record comes to."""
    seen = aspect(sight, Backups, "restores")
    if isinstance(seen, CheckResult):
        return seen
    if isinstance(seen.restores, Unknown):
        return unknown(f"restores: {seen.restores}")
    recent = [each for each in seen.restores if sight.now - each.at <= timedelta(days=days)]
    observed = {"restores": as_json(recent)}
    ended = [each for each in recent if each.state is not RestoreState.UNDER_WAY]
    if not ended:
        return unknown(f"no restore of it ended in the last {amount(days, 'day')}", **observed)
    return replace(_last(ended[-1], validated=validated), observed=observed)


def _last(last: Restore, *, validated: bool) -> CheckResult:
    words = f"the restore {last.id} of {last.at:%Y-%m-%d %H:%M} UTC"
    detail = f": {last.detail}" if last.detail else ""
    if isinstance(last.state, Unknown):
        return unknown(f"{words}: {last.state}")
    if last.state is RestoreState.FAILED:
        return failed(f"{words} failed{detail}")
    if last.validated is False:
        return failed(f"{words} ended, and what came back was found wrong{detail}")
    if last.validated is None and validated:
        return unknown(f"{words} ended; whether what came back is right, the cloud does not tell")
    return passed(f"{words} ended{', and what came back was right' if last.validated else ''}")


CHECK = Check(
    parameters=schema(
        max_age_days={
            "description": "How many days ago the restore, or its declaration, may be at the most.",
            "type": "integer",
            "minimum": 1,
            "default": _DAYS,
        },
        validated={
            "description": "Whether what came back must be known to be right, by restore testing "
            "or by a declaration; else a restore that ended is enough.",
            "type": "boolean",
            "default": True,
        },
    ),
    run=_run,
    reads="Lists AWS Backup's restore jobs, or the restores among the jobs of Azure's Recovery "
    "Services vaults, and looks whether somebody declared target-restore-tested.",
    about=About.NEW,
    asks=lambda _parameters: (_ASKED,),
    of_cloud=OfCloud(
        aspects=(Backups,),
        passes="The last restore that ended was completed and validated, or somebody declared it "
        "with its record.",
        fails="The last restore that ended failed, or what came back was found wrong.",
        unknown="No restore ended lately, or nobody tells whether what came back is right; Azure "
        "Backup never tells, so there it is declared.",
    ),
)
