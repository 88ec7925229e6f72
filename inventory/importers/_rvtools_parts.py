"""Rows of which a virtual machine has several: disks, network cards, volumes, snapshots, media."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

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


def adding(sheet: Sheet, order: Order) -> Adding | None:
    """Return how the rows of a tab are taken; None for a tab with one row for each machine."""
    making = _MAKINGS.get(sheet.tab)
    return making(_Cells(sheet), order) if making else None


class _Cells:
    """The columns of a sheet, by name, and how the cells below them are read."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._comma = sheet.table.decimal_comma

    def text(self, name: str) -> Callable[[tuple[Cell, ...]], str | None]:
        """Return what reads a column as text."""
        place = self._sheet.places.get(name)
        return _nothing if place is None else lambda cells: values.text(cells[place])

    def truth(self, name: str) -> Callable[[tuple[Cell, ...]], bool | None]:
        """Return what reads a column as yes or no."""
        place = self._sheet.places.get(name)
        return _nothing if place is None else lambda cells: values.truth(cells[place])

    def size(self, name: str) -> Callable[[tuple[Cell, ...]], int | None]:
        """Return what reads a column of MiB as bytes."""
        place, comma, title = self._sheet.places.get(name), self._comma, name
        if place is None:
            return _nothing
        title = self._sheet.table.header[place]

        def read(cells: tuple[Cell, ...]) -> int | None:
            try:
                return values.size(cells[place], MIB, decimal_comma=comma)
            except ValueError as error:
                raise ValueError(f"{title}: {error}") from error

        return read

    def cell(self, name: str) -> Callable[[tuple[Cell, ...]], Cell]:
        """Return what reads a column as it is."""
        place = self._sheet.places.get(name)
        return _nothing if place is None else lambda cells: cells[place]


def _nothing(cells: tuple[Cell, ...]) -> None:
    del cells


def _disk(columns: _Cells, order: Order) -> Adding:
    del order
    name, path, controller = map(columns.text, ("disk", "path", "controller"))
    mode, sharing, bus = map(columns.text, ("mode", "sharing", "bus_sharing"))
    size, thin, raw = columns.size("capacity"), columns.truth("thin"), columns.truth("raw")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        vm.disks.append(
            VirtualDisk(
                name=name(cells) or f"disk {len(vm.disks) + 1}",
                size_bytes=size(cells),
                path=path(cells),
                thin=thin(cells),
                controller=controller(cells),
                mode=mode(cells),
                raw_device=raw(cells),
                sharing=_sharing(sharing(cells), bus(cells)),
            )
        )

    return add


def _sharing(disk: str | None, bus: str | None) -> str | None:
    """Return how a disk is shared: by itself, or because its controller's bus is."""
    if bus and bus.lower() != "nosharing" and (disk or "sharingNone").lower() == "sharingnone":
        return bus
    return disk


def _nic(columns: _Cells, order: Order) -> Adding:
    del order
    label, network, switch = map(columns.text, ("label", "network", "switch"))
    adapter, mac = columns.text("adapter"), columns.text("mac")
    connected, at_start = columns.truth("connected"), columns.truth("at_start")
    ipv4, ipv6, direct = columns.cell("ipv4"), columns.cell("ipv6"), columns.cell("direct")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        nic = VirtualNic(
            name=label(cells) or f"Network adapter {len(vm.nics) + 1}",
            network=network(cells),
            switch=switch(cells),
            adapter=adapter(cells),
            mac=spelled(mac(cells)),
            connected=connected(cells),
            connects_at_start=at_start(cells),
            pass_through=_allowed(direct(cells), adapter(cells)),
        )
        vm.nics.append((nic, (*_addresses(ipv4(cells)), *_addresses(ipv6(cells)))))

    return add


def _allowed(direct: Cell, adapter: str | None) -> bool | None:
    """Say whether a card is passed through.

    vSphere says of every card that may be (Vmxnet3) that DirectPath is allowed: only a card of
    SR-IOV surely is.
    """
    if adapter and "sriov" in adapter.lower():
        return True
    return False if values.truth(direct) is False else None


def _addresses(cell: Cell) -> Iterator[str]:
    """Yield the addresses of a cell; what vSphere writes for none is passed over."""
    for part in values.listed(cell, ",;\n "):
        if address(part) or part.lower().startswith("fe80:"):
            yield part


def _volume(columns: _Cells, order: Order) -> Adding:
    del order
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


def _snapshot(columns: _Cells, order: Order) -> Adding:
    name, description = columns.text("name"), columns.text("description")
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


def _medium(columns: _Cells, order: Order) -> Adding:
    del order
    node, kind = columns.text("node"), columns.text("type")
    connected = columns.truth("connected")

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        if connected(cells):
            vm.media.append(": ".join(part for part in (node(cells), kind(cells)) if part))

    return add


def _usb(columns: _Cells, order: Order) -> Adding:
    del order
    node, kind, family = map(columns.text, ("node", "type", "family"))

    def add(vm: Vm, cells: tuple[Cell, ...]) -> None:
        at = node(cells)
        if at and "controller" not in at.lower():
            vm.usb.append(": ".join(part for part in (at, kind(cells), family(cells)) if part))

    return add


_MAKINGS: Final[dict[Tab, Callable[[_Cells, Order], Adding]]] = {
    Tab.DISK: _disk,
    Tab.NETWORK: _nic,
    Tab.PARTITION: _volume,
    Tab.SNAPSHOT: _snapshot,
    Tab.CD: _medium,
    Tab.FLOPPY: _medium,
    Tab.USB: _usb,
}
