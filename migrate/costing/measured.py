"""How busy a server was on average, from whoever watched it longest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from inventory.model.fact import Facts
from inventory.model.utilisation import HISTORY, SAMPLED, UTILISATION_TOLD, Level, Spread

_MEASURES = ("cpu_percent", "network_sent_bytes_per_second")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mean:
    """The average of a measure, and who measured it."""

    value: Decimal
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """The averages that costs and carbon are reckoned with; None is what nobody measured."""

    cpu_percent: Mean | None = None
    """Of all logical processors together."""
    sent_bytes_per_second: Mean | None = None


def measured(facts: Facts) -> Measured:
    """Return the averages: the server's own history first, then others' tools, then a sample."""
    found = [_first(facts, measure) for measure in _MEASURES]
    return Measured(cpu_percent=found[0], sent_bytes_per_second=found[1])


def _first(facts: Facts, measure: str) -> Mean | None:
    for source, level in _levels(facts, measure):
        if level is not None and level.mean is not None:
            return Mean(value=Decimal(str(level.mean)), source=source)
    return None


def _levels(facts: Facts, measure: str) -> Iterator[tuple[str, Spread | Level | None]]:
    history = facts.value(HISTORY) or ()
    for each in sorted(history, key=lambda each: each.since - each.until):
        days = (each.until - each.since).days
        yield f"{each.source} over {days} days until {each.until.date()}", getattr(each, measure)
    for told in facts.value(UTILISATION_TOLD) or ():
        when = f" until {told.until.date()}" if told.until else ""
        yield f"{told.source}{when}", getattr(told, measure)
    sample = facts.value(SAMPLED)
    if sample is not None:
        seconds = int((sample.until - sample.since).total_seconds())
        words = f"a sample of {seconds} s on {sample.until.date()}"
        yield words, getattr(sample, measure)
