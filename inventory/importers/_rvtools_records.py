"""What the tabs say of one virtual machine, gathered → the record of a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from inventory.importers._rvtools_moments import Order
from inventory.importers._rvtools_tabs import Tab
from inventory.importers._rvtools_vms import Vm
from inventory.model.fact import FactKey, Reason
from inventory.model.facts import INTERFACES, SMBIOS_UUID, VIRTUALISATION
from inventory.model.imported import LeftOut, ServerRecord, Stated, Unread
from inventory.model.parts import Interface
from inventory.model.placement import (
    CONNECTED_MEDIA,
    CREATED_AT,
    GUEST_VOLUMES,
    INSTANCE_UUID,
    MANAGED_ID,
    MANAGER,
    PASSED_USB,
    POWERED_ON_AT,
    SNAPSHOTS,
    TAGS,
    VIRTUAL_DISKS,
    VIRTUAL_NICS,
    VM_NAME,
)
from inventory.reading.table import Cell

SOURCE: Final = "rvtools"
_DISK: Final = frozenset({Tab.DISK})
_PARTITION: Final = frozenset({Tab.PARTITION})
_SNAPSHOT: Final = frozenset({Tab.SNAPSHOT})
_MEDIA: Final = frozenset({Tab.CD, Tab.FLOPPY})
_USB: Final = frozenset({Tab.USB})
_VMWARE: Final = Stated(column="vInfo", observation=VIRTUALISATION.known("vmware"))
_NO_DISKS: Final = Stated(
    column="vDisk",
    observation=VIRTUAL_DISKS.unknown(Reason.NOT_TOLD, "vDisk does not name it"),
)
_NO_VOLUMES: Final = Stated(
    column="vPartition",
    observation=GUEST_VOLUMES.unknown(Reason.NOT_TOLD, "vPartition does not name it"),
)
_NO_INTERFACES: Final = Stated(
    column="vNetwork",
    observation=INTERFACES.unknown(Reason.NOT_TOLD, "vNetwork does not name it"),
)
_NO_SNAPSHOTS: Final = Stated(column="vSnapshot", observation=SNAPSHOTS.known(()))
_NO_MEDIA: Final = Stated(column="vCD", observation=CONNECTED_MEDIA.known(()))
_NO_USB: Final = Stated(column="vUSB", observation=PASSED_USB.known(()))


@dataclass(frozen=True, kw_only=True)
class Around:
    """What holds for all virtual machines of an export."""

    tabs: frozenset[Tab]
    """That are there."""
    vcenter: str
    """Where rows do not name one. Empty where nothing does."""
    at: datetime | None
    order: Order


def items_of(vm: Vm, around: Around) -> Iterator[ServerRecord | LeftOut | Unread]:
    """Yield what becomes of a virtual machine, and what of it cannot be understood."""
    if vm.left_out:
        yield LeftOut(what=vm.left_out, name=vm.ids.name, where=vm.where)
        return
    vcenter = vm.ids.vcenter or around.vcenter or vm.ids.vcenter_uuid
    _identify(vm, vcenter)
    yield from _times(vm, around)
    _parts(vm, around)
    yield ServerRecord(
        source=f"{SOURCE}:{vcenter}" if vcenter else SOURCE,
        key=vm.key,
        name=vm.ids.name,
        stated=tuple(vm.stated),
        at=around.at,
        where=vm.where,
    )


def _identify(vm: Vm, vcenter: str) -> None:
    ids, columns = vm.ids, vm.sheet.identifying
    called = vm.sheet.columns["vm"]
    vm.add(called, VM_NAME.known(ids.name))
    vm.stated.append(_VMWARE)
    if ids.firmware:
        vm.add(columns["firmware"], SMBIOS_UUID.known(ids.firmware))
    if ids.instance:
        vm.add(columns["instance"], INSTANCE_UUID.known(ids.instance))
    if ids.managed:
        managed = f"{ids.vcenter_uuid}:{ids.managed}" if ids.vcenter_uuid else ids.managed
        vm.add(columns["managed"], MANAGED_ID.known(managed))
    if vcenter:
        vm.add(columns["manager"], MANAGER.known(vcenter))
    if vm.tags:
        vm.add("custom attributes", TAGS.known(tuple(vm.tags.values())))


def _times(vm: Vm, around: Around) -> Iterator[Unread]:
    pairs: tuple[tuple[FactKey[datetime], str, Cell], ...] = (
        (CREATED_AT, "Creation date", vm.created),
        (POWERED_ON_AT, "PowerOn", vm.powered_on),
    )
    for key, title, cell in pairs:
        try:
            told = around.order.moment(cell)
        except ValueError as error:
            yield Unread(why=f"{title}: {error}", where=vm.where)
            vm.add(f"vInfo: {title}", key.unknown(Reason.UNREADABLE, str(error)))
            continue
        if told:
            vm.add(f"vInfo: {title}", key.known(told))
    for place, (snapshot, cell) in enumerate(vm.snapshots):
        try:
            taken = around.order.moment(cell)
        except ValueError as error:
            yield Unread(why=f"Date / time of snapshot {snapshot.name}: {error}", where=vm.where)
            continue
        vm.snapshots[place] = (replace(snapshot, taken_at=taken), cell)


def _parts(vm: Vm, around: Around) -> None:
    """State the parts. Where the tab is there and does not name the machine, it has none.

    Disks, cards and volumes are otherwise: every machine has some, and what RVTools did not see
    (a machine that is off, or without the tools) is not there.
    """
    held: tuple[tuple[FactKey[Any], str, Sequence[object], frozenset[Tab], Stated], ...] = (
        (VIRTUAL_DISKS, "vDisk", vm.disks, _DISK, _NO_DISKS),
        (GUEST_VOLUMES, "vPartition", vm.volumes, _PARTITION, _NO_VOLUMES),
        (SNAPSHOTS, "vSnapshot", [each for each, _ in vm.snapshots], _SNAPSHOT, _NO_SNAPSHOTS),
        (CONNECTED_MEDIA, "vCD", vm.media, _MEDIA, _NO_MEDIA),
        (PASSED_USB, "vUSB", vm.usb, _USB, _NO_USB),
    )
    for key, column, parts, told_by, none in held:
        if parts:
            vm.add(column, key.known(tuple(parts)))
        elif not told_by.isdisjoint(around.tabs):
            vm.stated.append(none)
    _network(vm, around)


def _network(vm: Vm, around: Around) -> None:
    interfaces = [
        Interface(name=nic.name, mac=nic.mac, addresses=addresses) for nic, addresses in vm.nics
    ]
    if vm.nics:
        vm.add("vNetwork", VIRTUAL_NICS.known(tuple(nic for nic, _ in vm.nics)))
    if vm.address and not any(vm.address in each.addresses for each in interfaces):
        primary = Interface(name="primary", addresses=(vm.address,))
        if len(interfaces) == 1 and not interfaces[0].addresses:
            interfaces[0] = replace(interfaces[0], addresses=(vm.address,))
        else:
            interfaces.append(primary)
    if interfaces:
        told_by = "vNetwork" if vm.nics else "vInfo: Primary IP Address"
        vm.add(told_by, INTERFACES.known(tuple(interfaces)))
    elif Tab.NETWORK in around.tabs:
        vm.stated.append(_NO_INTERFACES)
