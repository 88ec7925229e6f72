"""Servers that hardly do anything, by the definitions of AWS and of Azure Migrate.

The two do not agree, and neither is ours: each is told by the name of its source. Use that nobody
measured for long enough is unknown, never idle. Neither definition looks at who connects; AWS
names "no inbound connection for 90 days" as one more sign, which is not looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, Final

from inventory.model.fact import FactKey, Facts
from inventory.model.utilisation import (
    HISTORY,
    SAMPLED,
    UTILISATION_TOLD,
    Level,
    Spread,
    ToldUtilisation,
    Utilisation,
)
from migrate.judging.sources import AWS_SEVEN_RS, AZURE_BUSINESS_CASE, Source

MEASURES: Final[tuple[FactKey[Any], ...]] = (HISTORY, SAMPLED, UTILISATION_TOLD)
"""The facts that use is read from."""
AWS_DAYS: Final = 90
AZURE_DAYS: Final = 30
"""Azure Migrate looks at a day, a week or a month; a month is the most careful of them."""
_ZOMBIE_PERCENT, _IDLE_PERCENT = 5, 20
_ACTIVE_PERCENT = 5


class Usage(Enum):
    """How much a server does."""

    ACTIVE = "active"
    MIXED = "neither active nor idle"
    """Busy by one measure and not by another."""
    IDLE = "idle"
    ZOMBIE = "zombie"
    """It does nothing."""


@dataclass(frozen=True, kw_only=True)
class Idleness:
    """What one definition says of a server."""

    source: Source
    """Whose definition it is."""
    usage: Usage | None
    """None when too little was measured."""
    evidence: str
    """What was measured, for how long and by whom; or why that is too little."""

    @property
    def proposes_retirement(self) -> bool:
        """Tell whether its owner should be asked if it can be retired instead of moved."""
        return self.usage in {Usage.IDLE, Usage.ZOMBIE}


def idleness(facts: Facts) -> tuple[Idleness, ...]:
    """Return what each definition says of a server."""
    return by_aws(facts), by_azure_migrate(facts)


def by_aws(facts: Facts) -> Idleness:
    """Tell a zombie (processor and memory below 5 % on average) and an idle server (below 20 %).

    Averages of at least 90 days.
    """
    return _by(AWS_SEVEN_RS, facts, AWS_DAYS, _mean, _aws_usage)


def by_azure_migrate(facts: Facts) -> Idleness:
    """Tell a zombie (nothing at all) and an idle server (processor and memory at most 5 %).

    By percentile 95, or the peak where only that is told. Of the network Azure Migrate wants 2 %
    of what its adapters can do, which is not told: it counts only as something or nothing, so
    that an idle server may have a busy network, and the evidence says what was seen of it.
    """
    return _by(AZURE_BUSINESS_CASE, facts, AZURE_DAYS, _high, _azure_usage)


_Measure = Spread | Level | None
_Watch = Utilisation | ToldUtilisation


def _by(
    source: Source,
    facts: Facts,
    days: int,
    value: Callable[[_Measure], float | None],
    usage: Callable[[float | None, float | None, float | None], Usage | None],
) -> Idleness:
    watches = sorted(_watches(facts), key=lambda each: (-_days(each), each.source))
    if not watches:
        return Idleness(source=source, usage=None, evidence="no use was measured")
    longest = watches[0]
    if _days(longest) < days:
        evidence = f"use was watched for {_days(longest)} of {days} days"
        return Idleness(source=source, usage=None, evidence=evidence)
    cpu, memory = value(longest.cpu_percent), value(longest.memory_percent)
    received = value(longest.network_received_bytes_per_second)
    sent = value(longest.network_sent_bytes_per_second)
    network = None if received is None or sent is None else received + sent
    measured = (("processors", cpu, " %"), ("memory", memory, " %"), ("network", network, " B/s"))
    said = ", ".join(
        f"{name} {'not measured' if number is None else f'{number:g}{unit}'}"
        for name, number, unit in measured
    )
    evidence = f"{said} over {_days(longest)} days by {longest.source}"
    return Idleness(source=source, usage=usage(cpu, memory, network), evidence=evidence)


def _aws_usage(cpu: float | None, memory: float | None, _network: float | None) -> Usage | None:
    if cpu is None or memory is None:
        busy = max(cpu or 0, memory or 0) >= _IDLE_PERCENT
        return Usage.ACTIVE if busy else None
    if max(cpu, memory) < _ZOMBIE_PERCENT:
        return Usage.ZOMBIE
    return Usage.IDLE if max(cpu, memory) < _IDLE_PERCENT else Usage.ACTIVE


def _azure_usage(cpu: float | None, memory: float | None, network: float | None) -> Usage | None:
    if cpu is None or memory is None:
        return None
    if max(cpu, memory) == 0 and network is None:
        return None
    if max(cpu, memory) == 0 and network == 0:
        return Usage.ZOMBIE
    if max(cpu, memory) <= _ACTIVE_PERCENT:
        return Usage.IDLE
    return Usage.ACTIVE if min(cpu, memory) > _ACTIVE_PERCENT else Usage.MIXED


def _watches(facts: Facts) -> Iterator[_Watch]:
    yield from facts.value(HISTORY) or ()
    yield from facts.value(UTILISATION_TOLD) or ()
    sampled = facts.value(SAMPLED)
    if sampled is not None:
        yield sampled


def _days(each: _Watch) -> int:
    """Return the whole days that were watched; none when the source does not say."""
    if each.since is None or each.until is None:
        return 0
    return (each.until - each.since) // timedelta(days=1)


def _mean(measure: _Measure) -> float | None:
    return measure.mean if measure else None


def _high(measure: _Measure) -> float | None:
    return measure.p95 if isinstance(measure, Spread) else measure.maximum if measure else None
