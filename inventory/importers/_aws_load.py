"""How busy a server was, as the columns of Migration Hub tell it: averages and peaks."""

from __future__ import annotations

from typing import Any, Final

from inventory.importers._rows import KIB, MIB, Entry
from inventory.model.utilisation import Level, ToldUtilisation

_LEVELS: Final = (
    ("cpu_percent", ("CPU.UsagePct",), 1),
    ("memory_percent", ("RAM.UsagePct",), 1),
    ("memory_used_bytes", ("RAM.UsedSizeInMB",), MIB),
    ("disk_read_bytes_per_second", ("DiskReadsPerSecondInKB",), KIB),
    ("disk_write_bytes_per_second", ("DiskWritesPerSecondInKB",), KIB),
    ("disk_reads_per_second", ("DiskReadsOpsPerSecond", "DiskReadOpsPerSecond"), 1),
    ("disk_writes_per_second", ("DiskWritesOpsPerSecond", "DiskWriteOpsPerSecond"), 1),
    ("network_received_bytes_per_second", ("NetworkReadsPerSecondInKB",), KIB),
    ("network_sent_bytes_per_second", ("NetworkWritesPerSecondInKB",), KIB),
)
"""What is measured, what the columns begin with, and what they count in. Exports and template
spell the operations differently."""
LOAD_COLUMNS: Final = tuple(
    f"{begin}.{end}" for _, begins, _ in _LEVELS for begin in begins for end in ("Avg", "Max")
)


def load_of(entry: Entry, source: str) -> tuple[str, ToldUtilisation] | None:
    """Return what a row tells, and the first column that does; None where none does."""
    first: str | None = None
    levels: dict[str, Any] = {}
    for measure, begins, unit in _LEVELS:
        for begin in begins:
            mean, maximum = (_value(entry, f"{begin}.{end}", unit) for end in ("Avg", "Max"))
            if mean is not None or maximum is not None:
                first = first or f"{begin}.{'Max' if mean is None else 'Avg'}"
                levels.setdefault(measure, Level(mean=mean, maximum=maximum))
    return (first, ToldUtilisation(source=source, **levels)) if first else None


def _value(entry: Entry, column: str, unit: int) -> float | None:
    told = entry.number(column)
    return None if told is None else float(told * unit)
