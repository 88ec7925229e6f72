"""How busy a server was, in the columns of Migration Hub: averages and peaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from inventory.model.fact import Facts
from inventory.model.facts import MEMORY_TOTAL
from inventory.model.placement import CONFIGURED_MEMORY
from inventory.model.utilisation import (
    HISTORY,
    SAMPLED,
    UTILISATION_TOLD,
    Level,
    Spread,
    ToldUtilisation,
    Utilisation,
)

_KIB: Final = 1 << 10
_MIB: Final = 1 << 20
_MEASURES: Final = (
    ("memory_used_bytes", "RAM.UsedSizeInMB", _MIB),
    ("cpu_percent", "CPU.UsagePct", 1),
    ("disk_read_bytes_per_second", "DiskReadsPerSecondInKB", _KIB),
    ("disk_write_bytes_per_second", "DiskWritesPerSecondInKB", _KIB),
    ("disk_reads_per_second", "DiskReadsOpsPerSecond", 1),
    ("disk_writes_per_second", "DiskWritesOpsPerSecond", 1),
    ("network_received_bytes_per_second", "NetworkReadsPerSecondInKB", _KIB),
    ("network_sent_bytes_per_second", "NetworkWritesPerSecondInKB", _KIB),
)
LOAD_COLUMNS: Final = tuple(f"{begin}.{end}" for _, begin, _ in _MEASURES for end in ("Avg", "Max"))


def load_cells(facts: Facts) -> Mapping[str, float]:
    """Return what is known, by column: each measure from the first that tells it.

    First what the server kept itself, the longest first; then what other tools say; then what was
    sampled for a moment.
    """
    sources = tuple(_sources(facts))
    cells: dict[str, float] = {}
    for measure, begin, unit in _MEASURES:
        level = next(filter(None, (_level(each, measure, facts) for each in sources)), Level())
        for end, value in (("Avg", level.mean), ("Max", level.maximum)):
            if value is not None:
                cells[f"{begin}.{end}"] = value / unit
    return cells


def _sources(facts: Facts) -> Iterator[Utilisation | ToldUtilisation]:
    kept: tuple[Utilisation, ...] = facts.value(HISTORY) or ()
    yield from sorted(kept, key=lambda each: each.until - each.since, reverse=True)
    yield from facts.value(UTILISATION_TOLD) or ()
    if sampled := facts.value(SAMPLED):
        yield sampled


def _level(source: Utilisation | ToldUtilisation, measure: str, facts: Facts) -> Level | None:
    told = getattr(source, measure, None)
    if measure == "memory_used_bytes" and told is None:
        return _memory(source.memory_percent, facts)
    return _as_level(told)


def _as_level(told: Spread | Level | None) -> Level | None:
    return Level(mean=told.mean, maximum=told.maximum) if isinstance(told, Spread) else told


def _memory(percent: Spread | Level | None, facts: Facts) -> Level | None:
    """Return used memory, of which only the share is told."""
    total = facts.value(MEMORY_TOTAL) or facts.value(CONFIGURED_MEMORY)
    if percent is None or total is None:
        return None
    shares = (percent.mean, percent.maximum)
    mean, most = (None if each is None else each * total / 100 for each in shares)
    return Level(mean=mean, maximum=most)
