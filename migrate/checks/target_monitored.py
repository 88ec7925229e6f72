"""What replaces the server is watched: alarms are set on it, and they reach somebody.

An alarm whose topic nobody confirmed, or whose action group has no enabled receiver, watches for
nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._asked import schema
from migrate.checks._conditions import Condition, aspect, met, together, unmet, untold
from migrate.checks._say import listed
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_alarms import Alarm, Alarms

_NONE: Final[tuple[str, ...]] = ()


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    seen = aspect(sight, Alarms, "alarms")
    if isinstance(seen, CheckResult):
        return seen
    wanted = parameters.get("metrics", _NONE)
    conditions = [_watched(seen.alarms, each) for each in wanted] or [_any(seen.alarms)]
    return together(sight, conditions, {"alarms": seen.alarms})


def _any(alarms: Collection[Alarm]) -> Condition:
    return _reach(alarms, "it") if alarms else unmet("no alarm is set on it")


def _watched(alarms: Iterable[Alarm], metric: str) -> Condition:
    on = [each for each in alarms if metric.lower() in {one.lower() for one in each.watches}]
    return _reach(on, metric) if on else unmet(f"no alarm watches {metric}")


def _reach(alarms: Iterable[Alarm], what: str) -> Condition:
    live = [each for each in alarms if each.enabled]
    good = [each for each in live if not isinstance(each.receivers, Unknown) and each.receivers]
    seeing = [each for each in good if each.has_data is not False]
    if seeing:
        names = listed([f"{each.name} ({each.receivers})" for each in seeing])
        return met(f"alarms on {what} reach somebody: {names}")
    if good:
        return untold(f"alarms on {what} have nothing to go by yet: {_names(good)} (no data)")
    if not live:
        return unmet(f"every alarm on {what} is disabled: {_names(alarms)}")
    doubtful = [f"{each.name}: {each.receivers}" for each in live if _is_doubtful(each)]
    if doubtful:
        return untold(f"whom alarms on {what} reach: {listed(doubtful)}")
    silent = [f"{each.name}: {each.why}" if each.why else each.name for each in live]
    return unmet(f"no alarm on {what} reaches anybody ({listed(silent)})")


def _names(alarms: Iterable[Alarm]) -> str:
    return listed([each.name for each in alarms])


def _is_doubtful(alarm: Alarm) -> bool:
    return isinstance(alarm.receivers, Unknown)


CHECK = Check(
    parameters=schema(
        metrics={
            "description": "Metrics that must be watched, each by an alarm that reaches somebody: "
            "StatusCheckFailed, Percentage CPU. Unless given, one alarm on whatever is enough.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
            "uniqueItems": True,
        }
    ),
    run=_run,
    reads="Lists CloudWatch's alarms and SNS's subscriptions, or Azure Monitor's alert rules, "
    "processing rules and action groups.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Alarms,),
        passes="An enabled alarm on it, or on each metric that is asked for, has an action with a "
        "confirmed or enabled receiver.",
        fails="No alarm is set on it, or none that is enabled reaches anybody.",
        unknown="Where its alarms lead cannot be seen, such as a topic of another account; what "
        "they watch is not measured yet.",
    ),
)
