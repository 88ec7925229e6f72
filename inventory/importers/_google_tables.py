"""The tables beside Migration Center's list of machines: disks, tags, and how busy they were.

They are read before the machines, and kept by the machine's number: the samples of the load as
sums, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from inventory.importers._aws_facts import tag
from inventory.importers._aws_rows import Columns, Entry
from inventory.model.fact import Observation, Reason
from inventory.model.facts import DISKS
from inventory.model.imported import Unread, Where
from inventory.model.parts import Disk
from inventory.model.placement import TAGS, Tag
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading import values
from inventory.reading.table import Table

GOOGLE: Final = "google-migration-center"
GIB: Final = 1 << 30
MACHINE: Final = "MachineId"
_DISK: Final = (MACHINE, "DiskLabel", "SizeInGib")
_DISK_MORE: Final = ("StorageTypeLabel",)
_TAG: Final = (MACHINE, "Key", "Value")
_MADE_UP: Final = ("/dev/xvda", 52.5, "gp2")
"""What Google's collector for AWS writes "to prevent import errors" where it found no disk:
https://github.com/GoogleCloudPlatform/aws-discovery-export, stratozone-aws-export.py at 01d9553,
generate_disk_data (2026-11-23)."""
_MEASURES: Final = {
    "cpu_percent": "CpuUtilizationPercentage",
    "memory_percent": "MemoryUtilizationPercentage",
    "memory_used_bytes": "UtilizedMemoryBytes",
    "disk_reads_per_second": "DiskReadOperationsPerSec",
    "disk_writes_per_second": "DiskWriteOperationsPerSec",
    "network_sent_bytes_per_second": "NetworkBytesPerSecSent",
    "network_received_bytes_per_second": "NetworkBytesPerSecReceived",
}
_TIME: Final = "TimeStamp"


@dataclass(kw_only=True, slots=True)
class _Sum:
    """The samples of one measure."""

    count: int = 0
    total: float = 0.0
    most: float = 0.0

    def add(self, value: float) -> None:
        self.most = value if self.count == 0 else max(self.most, value)
        self.count += 1
        self.total += value


@dataclass(kw_only=True, slots=True)
class _Load:
    """The samples of one machine."""

    sums: dict[str, _Sum] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None

    def told(self) -> ToldUtilisation:
        levels = {
            measure: Level(mean=each.total / each.count, maximum=each.most)
            for measure, each in self.sums.items()
        }
        return ToldUtilisation(source=GOOGLE, since=self.since, until=self.until, **levels)


@dataclass(kw_only=True)
class _Beside:
    """What the other tables tell of one machine."""

    where: Where
    """Where it is first told of."""
    disks: list[Disk] = field(default_factory=list)
    disks_made_up: bool = False
    tags: dict[Tag, None] = field(default_factory=dict)
    load: _Load = field(default_factory=_Load)


class Beside:
    """What the tables beside the list of machines tell."""

    def __init__(self) -> None:
        self._machines: dict[str, _Beside] = {}

    def add(self, table: Table) -> Iterator[Unread]:
        """Add the rows of a table, if it is one of those that are read; yield what is not.

        Raises:
            BadInputError: the file is damaged. What came before is kept.

        """
        if all(table.place(each) is not None for each in _DISK):
            yield from self._each(Columns.of(table, (*_DISK, *_DISK_MORE)), self._disk)
        elif all(table.place(each) is not None for each in (MACHINE, _TIME)):
            yield from self._each(
                Columns.of(table, (MACHINE, _TIME, *_MEASURES.values())), self._sample
            )
        elif all(table.place(each) is not None for each in _TAG):
            yield from self._each(Columns.of(table, _TAG), self._tag)

    def of(self, machine: str) -> Iterator[tuple[str, Observation]]:
        """Yield what is told of a machine, each with its column; it is not told again."""
        beside = self._machines.pop(machine, None)
        if beside is None:
            return
        if beside.disks:
            yield "SizeInGib", DISKS.known(tuple(beside.disks))
        elif beside.disks_made_up:
            why = "the collector writes a disk of 52.5 GiB where it found none"
            yield "SizeInGib", DISKS.unknown(Reason.NOT_TOLD, why)
        if beside.tags:
            yield "Key, Value", TAGS.known(tuple(beside.tags))
        if beside.load.sums:
            column = _MEASURES[next(iter(beside.load.sums))]
            yield column, UTILISATION_TOLD.known((beside.load.told(),))

    def left(self) -> Iterator[Unread]:
        """Yield the machines that are told of here, and stand in no list of machines."""
        for machine, beside in self._machines.items():
            why = f"MachineId is {machine!r}, which vmInfo does not hold"
            yield Unread(why=why, where=beside.where)

    def _each(self, columns: Columns, read: Callable[[Entry, _Beside], None]) -> Iterator[Unread]:
        for entry in columns.entries():
            machine = entry.text(MACHINE)
            if machine:
                beside = self._machines.setdefault(machine, _Beside(where=entry.where))
                read(entry, beside)
            elif not entry.unread:
                yield Unread(why="it has no MachineId", where=entry.where)
            yield from entry.unread

    @staticmethod
    def _disk(entry: Entry, beside: _Beside) -> None:
        name, size = entry.text("DiskLabel"), entry.number("SizeInGib")
        if (name, size, entry.text("StorageTypeLabel")) == _MADE_UP:
            beside.disks_made_up = True
        elif size:
            name = name or f"disk {len(beside.disks) + 1}"
            beside.disks.append(Disk(name=name, size_bytes=round(size * GIB)))

    @staticmethod
    def _tag(entry: Entry, beside: _Beside) -> None:
        if name := entry.text("Key"):
            beside.tags[tag(name, entry.text("Value") or "")] = None

    @staticmethod
    def _sample(entry: Entry, beside: _Beside) -> None:
        load = beside.load
        at = entry.read(_TIME, lambda cell: values.moment(cell, day_first=False))
        if at:
            load.since = at if load.since is None else min(load.since, at)
            load.until = at if load.until is None else max(load.until, at)
        for measure, column in _MEASURES.items():
            value = entry.number(column)
            if value is not None:
                load.sums.setdefault(measure, _Sum()).add(value)
