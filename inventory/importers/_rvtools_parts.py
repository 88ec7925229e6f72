"""Rows of which a virtual machine has several: disks, network cards, volumes, snapshots, media."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Final, TypeVar

from inventory.collectors._secrets import without_secrets
from inventory.importers._rvtools_moments import Order
from inventory.importers._rvtools_tabs import MIB, Sheet, Tab
from inventory.importers._rvtools_vms import Vm
from inventory.model.macs import spelled
from inventory.model.placement import GuestVolume, Snapshot, VirtualDisk, VirtualNic
from inventory.model.spelling import address
from inventory.reading import values
from inventory.reading.table import Cell

Adding = Callable[[Vm, tuple[Cell, ...]], None]
"""Adds what a row says to its virtual machine. Raises ValueError on what it does not understand."""
Vlans = Mapping[tuple[str, str], int | None]
"""Switch and port group → VLAN; None where it is not the same everywhere."""
_MOST_REMEMBERED: Final = 5_000
_NEVER_ABSENT: Final = 20
"""Characters from which on a text cannot mean that there is none."""
_MOST_BYTES: Final = 1 << 50
_IPV4: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\Z)|\Z)){4}")
_PLAIN_IPV4: Final = re.compile(r"(?!0|127\.|169\.254\.)" + _IPV4.pattern)
"""An address alone in its cell, as most are."""
_PLAIN_MAC: Final = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}\Z")
T = TypeVar("T")


def adding(sheet: Sheet, order: Order, vlans: Vlans) -> Adding | None:
    """Return how the rows of a tab are taken; None for a tab with one row for each machine."""
    making = _MAKINGS.get(sheet.tab)
    return making(_Cells(sheet), order, vlans) if making else None


def addresses_of(cell: Cell) -> Iterator[str]:
    """Yield the addresses of a cell; what vSphere writes for none is passed over."""
    if cell == "" or cell is None:
        return
    if isinstance(cell, str) and _PLAIN_IPV4.match(cell):
        yield cell
        return
    for part in values.listed(cell, ",;\n "):
        if _IPV4.match(part):
            if not part.startswith(("0.", "127.", "169.254.")):
                yield part
        elif address(part) or part.lower().startswith("fe80:"):
            yield part


class _Cells:
    """The columns of a sheet, by name, and how the cells below them are read.

    A column that says the same of many machines is read once for each text.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._comma = sheet.table.decimal_comma

    def text(self, name: str) -> Callable[[tuple[Cell, ...]], str | None]:
        """Return what reads a column as text that many rows share."""
        return self._remembered(name, values.text)

    def truth(self, name: str) -> Callable[[tuple[Cell, ...]], bool | None]:
        """Return what reads a column as yes or no."""
        return self._remembered(name, values.truth)

    def own(self, name: str) -> Callable[[tuple[Cell, ...]], str | None]:
        """Return what reads a column as text that is another in each row."""
        place = self._sheet.places.get(name)
        if place is None:
            return _nothing

        def read(cells: tuple[Cell, ...]) -> str | None:
            cell = cells[place]
            if (
                isinstance(cell, str)
                and len(cell) > _NEVER_ABSENT
                and cell.isprintable()
                and not cell.startswith(" ")
                and not cell.endswith(" ")
                and "  " not in cell
            ):
                return cell
            return values.text(cell)

        return read

    def size(self, name: str) -> Callable[[tuple[Cell, ...]], int | None]:
        """Return what reads a column of MiB as bytes."""
        place, comma = self._sheet.places.get(name), self._comma
        if place is None:
            return _nothing
        title = self._sheet.table.header[place]

        def read(cells: tuple[Cell, ...]) -> int | None:
            cell = cells[place]
            if cell.__class__ is float and 0 <= cell < _MOST_BYTES:
                return round(cell * MIB)
            try:
                return values.size(cell, MIB, decimal_comma=comma)
            except ValueError as error:
                raise ValueError(f"{title}: {error}") from error

        return read

    def cell(self, name: str) -> Callable[[tuple[Cell, ...]], Cell]:
        """Return what reads a column as it is."""
        place = self._sheet.places.get(name)
        return _nothing if place is None else itemgetter(place)

    def _remembered(
        self, name: str, understand: Callable[[Cell], T | None]
    ) -> Callable[[tuple[Cell, ...]], T | None]:
        place = self._sheet.places.get(name)
        if place is None:
            return _nothing
        title = self._sheet.table.header[place]
        memo: dict[Cell, T | None] = {"": None}

        def read(cells: tuple[Cell, ...]) -> T | None:
            cell = cells[place]
            text = cell.__class__ is str
            if text and cell in memo:
                return memo[cell]
            try:
                told = understand(cell)
            except ValueError as error:
                raise ValueError(f"{title}: {error}") from error
            if text and len(memo) < _MOST_REMEMBERED:
                memo[cell] = told
            return told

        return read


def _nothing(cells: tuple[Cell, ...]) -> None:
    del cells


def _disk(columns: _Cells, order: Order, vlans: Vlans) -> Adding:
    del order, vlans
    name, controller, path = columns.text("disk"), columns.text("controller"), columns.own("path")
    mode, sharing, bus = map(columns.text, ("mode", "sharing", "bus_sharing"))
    size, thin, raw = columns.size("capacity"), columns.truth("thin"), columns.truth("raw")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        vm.disks.append(
            VirtualDisk(
                name=name(cells) or f"disk {len(vm.disks) + 1}",
                size_bytes=size(cells),
                path=_file(path(cells)),
                thin=thin(cells),
                controller=controller(cells),
                mode=mode(cells),
                raw_device=raw(cells),
                sharing=_sharing(sharing(cells), bus(cells)),
            )
        )

    return add


def _file(path: str | None) -> str | None:
    """Return a path on a datastore; new versions write the guest's mount points in Disk Path."""
    return path if path and path.startswith("[") else None


def _sharing(disk: str | None, bus: str | None) -> str | None:
    """Return how a disk is shared: by itself, or because its controller's bus is."""
    if bus and bus.lower() != "nosharing" and (disk or "sharingNone").lower() == "sharingnone":
        return bus
    return disk


def _nic(columns: _Cells, order: Order, vlans: Vlans) -> Adding:
    del order
    label, network, switch = map(columns.text, ("label", "network", "switch"))
    adapter, mac = columns.text("adapter"), columns.cell("mac")
    connected, at_start = columns.truth("connected"), columns.truth("at_start")
    ipv4, ipv6, direct = columns.cell("ipv4"), columns.cell("ipv6"), columns.truth("direct")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        plugged, on, shown = network(cells), switch(cells), adapter(cells)
        nic = VirtualNic(
            name=label(cells) or f"Network adapter {len(vm.nics) + 1}",
            network=plugged,
            switch=on,
            vlan=vlans.get((on or "", plugged or "")),
            adapter=shown,
            mac=_mac(mac(cells)),
            connected=connected(cells),
            connects_at_start=at_start(cells),
            pass_through=_passed_through(direct(cells), shown),
        )
        vm.nics.append((nic, (*addresses_of(ipv4(cells)), *addresses_of(ipv6(cells)))))

    return add


def _mac(cell: Cell) -> str | None:
    if isinstance(cell, str) and _PLAIN_MAC.match(cell):
        return cell
    return spelled(values.text(cell))


def _passed_through(allowed: bool | None, adapter: str | None) -> bool | None:  # noqa: FBT001
    """Say whether a card is passed through.

    vSphere says of every card that may be (Vmxnet3) that DirectPath is allowed: only a card of
    SR-IOV surely is.
    """
    if adapter and "sriov" in adapter.lower():
        return True
    return False if allowed is False else None


def _volume(columns: _Cells, order: Order, vlans: Vlans) -> Adding:
    del order, vlans
    mount, key = columns.text("disk"), columns.text("disk_key")
    size, free = columns.size("capacity"), columns.size("free")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        at = mount(cells)
        if at:
            vm.volumes.append(
                GuestVolume(
                    mount_point=at, size_bytes=size(cells), free_bytes=free(cells), disk=key(cells)
                )
            )

    return add


def _snapshot(columns: _Cells, order: Order, vlans: Vlans) -> Adding:
    del vlans
    name, description = columns.own("name"), columns.own("description")
    taken, size = columns.cell("taken"), columns.size("size")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        order.look(taken(cells))
        about = description(cells)
        snapshot = Snapshot(
            name=name(cells) or "snapshot",
            size_bytes=size(cells),
            description=without_secrets(about) if about else None,
        )
        vm.snapshots.append((snapshot, taken(cells)))

    return add


def _medium(columns: _Cells, order: Order, vlans: Vlans) -> Adding:
    del order, vlans
    node, kind = columns.text("node"), columns.text("type")
    connected = columns.truth("connected")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        if connected(cells):
            vm.media.append(": ".join(part for part in (node(cells), kind(cells)) if part))

    return add


def _usb(columns: _Cells, order: Order, vlans: Vlans) -> Adding:
    del order, vlans
    node, kind, family = map(columns.text, ("node", "type", "family"))

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        at = node(cells)
        if at and "controller" not in at.lower():
            vm.usb.append(": ".join(part for part in (at, kind(cells), family(cells)) if part))

    return add


_MAKINGS: Final[dict[Tab, Callable[[_Cells, Order, Vlans], Adding]]] = {
    Tab.DISK: _disk,
    Tab.NETWORK: _nic,
    Tab.PARTITION: _volume,
    Tab.SNAPSHOT: _snapshot,
    Tab.CD: _medium,
    Tab.FLOPPY: _medium,
    Tab.USB: _usb,
}
