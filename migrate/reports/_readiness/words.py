"""How values are written for people: money, sizes, times, clouds, verdicts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from inventory.amount import amount  # noqa: F401  the templates' word, as the others here
from migrate.model.plan import Destination
from migrate.model.strategy import Strategy
from migrate.model.verdict import Axis, Cloud, Effort, Readiness, Severity

KIBI: Final = 1024
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}

CLOUDS: Final = {Cloud.AWS: "AWS", Cloud.AZURE: "Azure"}
DESTINATIONS: Final = {
    Destination.AWS: "AWS",
    Destination.AZURE: "Azure",
    Destination.SAAS: "software as a service",
    Destination.HUB: "the Hub",
    Destination.RETIRE: "retirement",
}
STRATEGIES: Final = {
    Strategy.RETIRE: "Retire",
    Strategy.RETAIN: "Retain",
    Strategy.REHOST: "Rehost",
    Strategy.RELOCATE: "Relocate",
    Strategy.REPLATFORM: "Replatform",
    Strategy.REPURCHASE: "Repurchase",
    Strategy.REFACTOR: "Refactor",
    Strategy.UNDECIDED: "Undecided",
}
STRATEGY_MEANS: Final = {
    Strategy.RETIRE: "switched off; nothing takes its place",
    Strategy.RETAIN: "stays on-premise, in the Hub",
    Strategy.REHOST: "its servers are copied as they are",
    Strategy.RELOCATE: "its virtual machines move with their hypervisor's format",
    Strategy.REPLATFORM: "onto a managed service or a newly installed system",
    Strategy.REPURCHASE: "software as a service takes its place",
    Strategy.REFACTOR: "built anew at the destination",
    Strategy.UNDECIDED: "nothing that is known settles it",
}
READINESS: Final = {
    Readiness.READY: "Ready",
    Readiness.CONDITIONS: "With conditions",
    Readiness.NOT_READY: "Not ready",
    Readiness.UNKNOWN: "Unknown",
}
AXES: Final = {
    Axis.FIT: "Fit",
    Axis.MOVE: "Move",
    Axis.SUPPORT: "Support",
    Axis.SECURITY: "Security",
}
QUESTIONS: Final = {
    Axis.FIT: "Will it run there?",
    Axis.MOVE: "Can it be moved there?",
    Axis.SUPPORT: "Is its software still maintained?",
    Axis.SECURITY: "What must be looked after anywhere?",
}
EFFORTS: Final = {
    Effort.NONE: "nothing to do but to know",
    Effort.HOURS: "hours",
    Effort.DAYS: "days",
    Effort.WEEKS: "weeks: a project of its own",
}
SEVERITIES: Final = {
    Severity.BLOCKER: "Blocker",
    Severity.CONDITION: "Condition",
    Severity.NOTE: "Note",
}


def money(pence: int | None, currency: str) -> str:
    """Write an amount with its currency and two decimals; None is ``unknown``."""
    if pence is None:
        return "unknown"
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{symbol}{pence // 100:,}.{pence % 100:02d}"


def size(count: int) -> str:
    """Write a number of bytes in binary units, with at most one decimal."""
    value, units = float(count), ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
    while value >= KIBI and len(units) > 1:
        value, units = value / KIBI, units[1:]
    return f"{value:.1f}".removesuffix(".0") + f" {units[0]}"


def day(when: date) -> str:
    """Write a day: ``23 November 2026``."""
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """Write a time in UTC: ``23 November 2026, 14:05 UTC``."""
    when = when.astimezone(UTC)
    return f"{day(when.date())}, {when:%H:%M} UTC"
