"""What replaces the server is backed up: a plan protects it, and a recent backup is whole.

Backups that a managed database takes by itself are judged by target-database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from inventory.amount import amount
from migrate.checks._asked import schema
from migrate.checks._conditions import Condition, aspect, either, met, together, unmet
from migrate.checks._say import listed
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_backup import Backups, Point

_HOURS: Final = 26
"""A nightly backup, and two hours for it to end."""
_HOUR: Final = timedelta(hours=1)


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    seen = aspect(sight, Backups, "backups")
    if isinstance(seen, CheckResult):
        return seen
    most = timedelta(hours=parameters.get("max_age_hours", _HOURS))
    since = f" since {seen.since:%Y-%m-%d}" if seen.since else ""
    conditions = (
        _protected(seen),
        either(
            seen.newest,
            "the newest backup",
            lambda point: (
                _recent(sight, point, most) if point else unmet(f"there is no whole backup{since}")
            ),
        ),
    )
    return together(sight, conditions, {"backups": seen})


def _protected(seen: Backups) -> Condition:
    if seen.stopped:
        return unmet(f"its protection is {seen.stopped}")
    return either(
        seen.plans,
        "the plans that protect it",
        lambda plans: (
            met(f"protected by {listed(list(plans))}") if plans else unmet("no plan protects it")
        ),
    )


def _recent(sight: Sight, point: Point, most: timedelta) -> Condition:
    age = sight.now - point.at
    words = f"the newest backup is of {point.at:%Y-%m-%d %H:%M} UTC, in {point.vault}"
    hours = amount(most // _HOUR, "hour")
    return met(words) if age <= most else unmet(f"{words}: older than {hours}")


CHECK = Check(
    parameters=schema(
        max_age_hours={
            "description": "How many hours old the newest whole backup may be at the most; AWS's "
            "are looked up ten days back.",
            "type": "integer",
            "minimum": 1,
            "maximum": 216,
            "default": _HOURS,
        }
    ),
    run=_run,
    reads="Lists the recovery points of AWS Backup by vault, or the protected items of Azure's "
    "Recovery Services vaults.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Backups,),
        passes="A plan or policy that still exists protects it, and its newest whole backup is "
        "recent enough.",
        fails="No plan protects it, its protection is stopped or in error, or there is no whole "
        "backup that is recent enough.",
        unknown="A state of protection that is new to us, or a plan that cannot be listed.",
    ),
)
