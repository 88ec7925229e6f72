"""Samples of how busy machines were → averages and peaks, summed while they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from inventory.model.utilisation import Level, ToldUtilisation
from inventory.reading import values
from inventory.reading.table import Cell, Table

TIME: Final = "TimeStamp"
_MEASURES: Final = (
    ("cpu_percent", "CpuUtilizationPercentage"),
    ("memory_percent", "MemoryUtilizationPercentage"),
    ("memory_used_bytes", "UtilizedMemoryBytes"),
    ("disk_reads_per_second", "DiskReadOperationsPerSec"),
    ("disk_writes_per_second", "DiskWriteOperationsPerSec"),
    ("network_sent_bytes_per_second", "NetworkBytesPerSecSent"),
    ("network_received_bytes_per_second", "NetworkBytesPerSecReceived"),
)


@dataclass(kw_only=True, slots=True)
class _Sum:
    """The samples of one measure."""

    count: int = 0
    total: float = 0.0
    most: float = 0.0


@dataclass(kw_only=True, slots=True)
class Load:
    """The samples of one machine, in sum."""

    since: datetime | None = None
    until: datetime | None = None
    sums: dict[str, _Sum] = field(default_factory=dict)

    def told(self, source: str) -> ToldUtilisation | None:
        """Return what they amount to; None where there were none."""
        levels = {
            measure: Level(mean=each.total / each.count, maximum=each.most)
            for measure, each in self.sums.items()
        }
        if not levels:
            return None
        return ToldUtilisation(source=source, since=self.since, until=self.until, **levels)


class Samples:
    """Where the measures stand in one table; found once for all its rows."""

    def __init__(self, table: Table) -> None:
        found = ((measure, title, table.place(title)) for measure, title in _MEASURES)
        self._places = [(measure, title, at) for measure, title, at in found if at is not None]
        self._time, self._comma = table.place(TIME), table.decimal_comma

    def add(self, cells: tuple[Cell, ...], load: Load) -> Iterator[str]:
        """Add one sample; yield what of it cannot be understood."""
        if self._time is not None:
            try:
                at = values.moment(cells[self._time], day_first=False)
            except ValueError as error:
                yield f"{TIME}: {error}"
            else:
                _widen(load, at)
        for measure, title, place in self._places:
            try:
                value = values.number(cells[place], decimal_comma=self._comma)
            except ValueError as error:
                yield f"{title}: {error}"
                continue
            if value is not None:
                held = load.sums.setdefault(measure, _Sum(most=value))
                held.count += 1
                held.total += value
                held.most = max(held.most, value)


def _widen(load: Load, at: datetime | None) -> None:
    if at:
        load.since = at if load.since is None else min(load.since, at)
        load.until = at if load.until is None else max(load.until, at)
