"""There is where logs go, and alarms reach somebody."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model.fact import Unknown
from migrate.checks._say import failed, listed, passed, unknown
from migrate.conditions._together import each_named, not_named, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_monitoring import Alert, Logs, Monitoring


def _judge(told: Monitoring, landing: Landing) -> CheckResult:
    zone = landing.zone
    parts = [*_logs(told, zone.logs), *_alerts(told, zone.alerts)]
    return together(parts, none="")


def _logs(told: Monitoring, named: tuple[str, ...]) -> Iterator[CheckResult]:
    if not named:
        yield not_named("log group or workspace", "logs")
    elif isinstance(told.logs, Unknown):
        yield unknown(f"logs: {told.logs}")
    else:
        bad, there = each_named(named, told.logs, "log group or workspace")
        yield from bad
        for each, found in there.items():
            yield _log(each.rpartition("/")[2] if each.startswith("/subscr") else each, found)


def _log(name: str, found: Logs) -> CheckResult:
    if isinstance(found.usable, Unknown):
        return unknown(f"{name}: {found.usable}")
    kept = f", kept {found.kept_days} days" if found.kept_days else ""
    return passed(f"{name}{kept}") if found.usable else failed(f"{name} is {found.state}")


def _alerts(told: Monitoring, named: tuple[str, ...]) -> Iterator[CheckResult]:
    if not named:
        yield not_named("topic or action group", "alerts")
    elif isinstance(told.alerts, Unknown):
        yield unknown(f"alerts: {told.alerts}")
    else:
        bad, there = each_named(named, told.alerts, "topic or action group")
        yield from bad
        for each, found in there.items():
            yield _alert(each.rpartition("/")[2].rpartition(":")[2], found)


def _alert(name: str, found: Alert) -> CheckResult:
    silent = f" ({listed(list(found.silent))})" if found.silent else ""
    if not found.receivers:
        return failed(f"{name} reaches nobody{silent}")
    return passed(f"{name} reaches {listed(list(found.receivers))}{silent}")


CONDITION = Condition(
    aspect=Monitoring,
    judge=_judge,
    passes="The log groups or workspaces exist, and each topic or action group has a receiver "
    "that is confirmed and enabled.",
    fails="One of them does not exist or is off, or reaches nobody.",
    unknown="The zone names no logs or no alerts; they may not be read.",
)
