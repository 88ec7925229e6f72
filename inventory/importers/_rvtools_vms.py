"""Rows of RVTools' tabs → the virtual machines that they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from inventory.importers._rvtools_tabs import Sheet
from inventory.model.fact import Observation
from inventory.model.imported import Stated, Where
from inventory.model.placement import GuestVolume, Snapshot, Tag, VirtualDisk, VirtualNic
from inventory.reading import values
from inventory.reading.table import Cell

_ESCAPED: Final = re.compile("%(2f|5c|25)", re.IGNORECASE)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_MANAGED: Final = re.compile(r"vm-\d+\Z")
_FIRMWARE: Final = "firmware"
_NAME: Final = "name"
_OF_MANAGER: Final = ("50", "52")
"""How the UUIDs begin that vCenter and an ESXi server of its own give; firmware's do not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ids:
    """What a row names its virtual machine by. Empty where it does not."""

    vcenter: str
    vcenter_uuid: str
    instance: str
    firmware: str
    managed: str
    name: str

    @property
    def manager(self) -> str:
        """Return what tells one vCenter from another."""
        return self.vcenter_uuid or self.vcenter

    @property
    def key(self) -> str:
        """Return what it keeps when it is renamed, as far as the row tells."""
        return self.instance or self.managed or self.firmware or self.name

    @property
    def is_numbered(self) -> bool:
        """Whether there is anything but the name."""
        return bool(self.instance or self.managed or self.firmware)

    def handles(self) -> Iterator[tuple[str, str]]:
        """Yield what other tabs may find it by, the surest first."""
        if self.instance:
            yield "instance", self.instance
        if self.managed:
            yield "managed", self.managed
        if self.firmware:
            yield _FIRMWARE, self.firmware


@dataclass(kw_only=True, slots=True, eq=False)
class Vm:
    """What the tabs say of one virtual machine, gathered."""

    ids: Ids
    sheet: Sheet
    """The tab that named it first."""
    where: Where
    key: str = ""
    """Given once all tabs are read."""
    left_out: str | None = None
    """What it is instead of a server."""
    stated: list[Stated] = field(default_factory=list)
    created: Cell = None
    powered_on: Cell = None
    address: str | None = None
    """The one that vInfo gives."""
    tags: dict[str, Tag] = field(default_factory=dict)
    disks: list[VirtualDisk] = field(default_factory=list)
    nics: list[tuple[VirtualNic, tuple[str, ...]]] = field(default_factory=list)
    """Each with its addresses."""
    volumes: list[GuestVolume] = field(default_factory=list)
    snapshots: list[tuple[Snapshot, Cell]] = field(default_factory=list)
    """Each with the time at which it was taken, as it is written."""
    media: list[str] = field(default_factory=list)
    usb: list[str] = field(default_factory=list)

    def add(self, column: str, observation: Observation) -> None:
        """Add a statement of what no other column states."""
        self.stated.append(Stated(column=column, observation=observation))

    def state(self, stated: Stated) -> None:
        """Add a statement, unless the same was stated before."""
        observation = stated.observation
        for each in self.stated:
            one = each.observation
            if one.key is observation.key and one.fact == observation.fact:
                return
        self.stated.append(stated)


def ids_of(sheet: Sheet, cells: tuple[Cell, ...]) -> Ids:
    """Return what a row names its virtual machine by.

    The column VM UUID holds the firmware's UUID in old versions and the one that vCenter gave in
    new ones, which have a column of its own for the firmware's; otherwise its beginning tells.

    Raises:
        ValueError: a cell holds a spreadsheet's error.

    """
    uuid, firmware, instance = (
        _uuid(sheet.cell(cells, name)) for name in ("uuid", "smbios", "instance")
    )
    if uuid and not instance and ("smbios" in sheet.places or uuid.startswith(_OF_MANAGER)):
        instance = uuid
    elif uuid and not firmware:
        firmware = uuid
    return Ids(
        vcenter=_manager(sheet.cell(cells, "vcenter")),
        vcenter_uuid=_manager(sheet.cell(cells, "vcenter_uuid")),
        instance=instance,
        firmware=firmware,
        managed=_managed(sheet.cell(cells, "id")),
        name=_name(sheet.cell(cells, "vm")),
    )


@lru_cache(maxsize=256)
def _manager(cell: Cell) -> str:
    return (values.text(cell) or "").lower()


def _managed(cell: Cell) -> str:
    if isinstance(cell, str) and _MANAGED.match(cell):
        return cell
    return values.text(cell) or ""


def _uuid(cell: Cell) -> str:
    if isinstance(cell, str) and _UUID.match(cell):
        return cell
    told = (values.text(cell) or "").strip("{}").lower()
    return told if _UUID.match(told) else ""


def _name(cell: Cell) -> str:
    """Return a name; vSphere writes a slash, a backslash and a per cent sign as %2f, %5c, %25."""
    told = cell.strip() if isinstance(cell, str) else values.text(cell) or ""
    if "%" in told:
        told = _ESCAPED.sub(lambda found: bytes.fromhex(found[1]).decode(), told)
    return told if told.isprintable() and "  " not in told else values.text(told) or ""


class Vms:
    """The virtual machines of one export, found again by whatever a tab names them by."""

    def __init__(self) -> None:
        self._all: list[Vm] = []
        self._found: dict[tuple[str, str, str], Vm | None] = {}
        """Manager (or none), kind of handle, handle → the machine; None where there are several."""
        self._handles: set[str] = set()
        """Kinds of handles that any machine has."""
        self._met: dict[tuple[str, ...], dict[Any, Vm]] = {}

    def met(self, naming: tuple[str, ...]) -> dict[Any, Vm]:
        """Return a memory of those that rows were found to speak of, by the cells that name them.

        Tabs share it that name machines by the same columns.
        """
        return self._met.setdefault(naming, {})

    def add(self, ids: Ids, sheet: Sheet, where: Where) -> Vm:
        """Add one, or return it where its manager's handle and its name are already known."""
        known = self._known(ids)
        if known and ids.name == known.ids.name:
            return known
        vm = Vm(ids=ids, sheet=sheet, where=where)
        self._all.append(vm)
        for manager in {ids.manager, ""}:
            for kind, value in (*ids.handles(), (_NAME, ids.name)):
                self._handles.add(kind)
                handle = (manager, kind, value)
                self._found[handle] = None if handle in self._found else vm
        return vm

    def find(self, ids: Ids) -> Vm | None:
        """Return the one that a row of another tab speaks of; None where there is none.

        Raises:
            ValueError: it may be each of several.

        """
        for kind, value in ids.handles():
            if kind in self._handles:
                handle = (ids.manager, kind, value)
                if handle not in self._found:
                    return self._unnumbered(ids)
                if found := self._found[handle]:
                    return found
        return (self._unnumbered(ids) if ids.is_numbered else None) or self._by_name(ids)

    def keyed(self) -> Iterator[Vm]:
        """Yield each, with the key that it keeps; of several with one, the others' are longer."""
        keys: set[tuple[str, str]] = set()
        for vm in self._all:
            key = base = vm.ids.key
            if (vm.ids.manager, key) in keys and key != vm.ids.name:
                key = base = f"{key} {vm.ids.name}"
            number = 1
            while (vm.ids.manager, key) in keys:
                number += 1
                key = f"{base} ({number})"
            keys.add((vm.ids.manager, key))
            vm.key = key
            yield vm

    def _by_name(self, ids: Ids) -> Vm | None:
        """Return the one of a name."""
        handle = (ids.manager, _NAME, ids.name)
        if handle in self._found and self._found[handle] is None:
            raise ValueError(f"there are several virtual machines called {ids.name!r}")
        found = self._found.get(handle)
        if found is None and ids.manager:
            of_any = self._found.get(("", _NAME, ids.name))
            found = of_any if of_any and not of_any.ids.manager else None
        return found

    def _unnumbered(self, ids: Ids) -> Vm | None:
        """Return the one of a name whose own row lacks what others name it by, and note that."""
        found = self._found.get((ids.manager, _NAME, ids.name)) or self._found.get(
            ("", _NAME, ids.name)
        )
        if found is None or found.ids.is_numbered:
            return None
        if found.ids.manager and ids.manager and found.ids.manager != ids.manager:
            return None
        found.ids = replace(
            found.ids, instance=ids.instance, managed=ids.managed, firmware=ids.firmware
        )
        self._index(found)
        return found

    def _index(self, vm: Vm) -> None:
        for manager in {vm.ids.manager, ""}:
            for kind, value in vm.ids.handles():
                self._handles.add(kind)
                self._found.setdefault((manager, kind, value), vm)

    def _known(self, ids: Ids) -> Vm | None:
        for kind, value in ids.handles():
            if kind != _FIRMWARE:
                return self._found.get((ids.manager, kind, value))
        return None
