"""Every virtual disk has a size."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import VIRTUAL_DISKS, VirtualDisk
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import any_part
from migrate.judging.platform import on_vmware
from migrate.judging.sources import FORKLIFT
from migrate.judging.units import GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")


def _empty(disk: VirtualDisk) -> bool | None:
    return None if disk.size_bytes is None else disk.size_bytes <= 0


def _disk(size: int | None) -> Observation:
    return VIRTUAL_DISKS.known((VirtualDisk(name="Hard disk 1", size_bytes=size),))


RULE = Rule(
    title="A virtual disk without a size",
    why=(
        "A size of zero is no valid size: no tool copies such a disk, and nobody can say which "
        "disk is to take its data in a cloud."
    ),
    fix=("Look at the disk in vCenter: mend it, or take it out of the virtual machine."),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(
        any_part(VIRTUAL_DISKS, _empty, lambda disk: disk.name, severity=Severity.CONDITION)
    ),
    examples=(
        flags("no bytes", _VMWARE, _disk(0)),
        passes("a size", _VMWARE, _disk(40 * GIB)),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        passes("one byte", _VMWARE, _disk(1)),
        cannot_tell("size not told", _VMWARE, _disk(None)),
        cannot_tell("virtual disks not told", _VMWARE, untold(VIRTUAL_DISKS)),
    ),
)
