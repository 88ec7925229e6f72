"""Every virtual disk lies on a datastore."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import VIRTUAL_DISKS, VirtualDisk
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import any_part
from migrate.judging.platform import on_vmware
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")


def _nowhere(disk: VirtualDisk) -> bool | None:
    return None if disk.path is None else disk.path.startswith("[]")


def _named(disk: VirtualDisk) -> str:
    return f"{disk.name} ({disk.path})" if disk.path else disk.name


def _disk(path: str | None) -> Observation:
    return VIRTUAL_DISKS.known((VirtualDisk(name="Hard disk 1", path=path),))


RULE = Rule(
    title="A virtual disk does not lie on a datastore",
    why=(
        "A disk that vCenter knows no place of cannot be read through it: its path names no "
        "datastore. It is lost, or left over from a datastore that is gone."
    ),
    fix=(
        "Find out whether the disk is still needed; put it back on a datastore, or take it out "
        "of the virtual machine."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(any_part(VIRTUAL_DISKS, _nowhere, _named, severity=Severity.CONDITION)),
    examples=(
        flags("no datastore in its path", _VMWARE, _disk("[] /vmfs/volumes/gone/web-1.vmdk")),
        passes("on a datastore", _VMWARE, _disk("[datastore1] web-1/web-1.vmdk")),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("path not told", _VMWARE, _disk(None)),
        cannot_tell("virtual disks not told", _VMWARE, untold(VIRTUAL_DISKS)),
    ),
)
