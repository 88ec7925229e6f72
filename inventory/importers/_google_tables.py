"""The tables beside Migration Center's list of machines: disks, tags, and how busy they were.

They are read before the machines, and kept by the machine's number: the samples of the load as
sums, so that memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from inventory.importers._cells import tag
from inventory.importers._google_load import TIME, Load, Samples
from inventory.importers._rows import Columns, Entry
from inventory.model.fact import Observation, Reason
from inventory.model.facts import DISKS
from inventory.model.imported import Unread, Where
from inventory.model.parts import Disk
from inventory.model.placement import TAGS, Tag
from inventory.model.utilisation import UTILISATION_TOLD
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


@dataclass(kw_only=True)
class _Beside:
    """What the other tables tell of one machine."""

    where: Where
    """Where it is first told of."""
    disks: list[Disk] = field(default_factory=list)
    disks_made_up: bool = False
    tags: dict[Tag, None] = field(default_factory=dict)
    load: Load = field(default_factory=Load)


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
        elif all(table.place(each) is not None for each in (MACHINE, TIME)):
            yield from self._samples(table)
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
        if told := beside.load.told(GOOGLE):
            yield TIME, UTILISATION_TOLD.known((told,))

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

    def _samples(self, table: Table) -> Iterator[Unread]:
        samples = Samples(table)
        place = table.place(MACHINE) or 0
        for row, cells in table.read():
            try:
                machine = values.text(cells[place])
            except ValueError:
                machine = None
            if machine is None:
                yield Unread(why="it has no MachineId", where=table.where(row))
                continue
            beside = self._machines.get(machine)
            if beside is None:
                beside = self._machines[machine] = _Beside(where=table.where(row))
            for why in samples.add(cells, beside.load):
                yield Unread(why=why, where=table.where(row))

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
