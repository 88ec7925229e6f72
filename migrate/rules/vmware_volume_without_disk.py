"""Each volume of Windows names the virtual disk that it lies on."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import OS_FAMILY, VIRTUALISATION
from inventory.model.placement import GUEST_VOLUMES, GuestVolume
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import any_part
from migrate.judging.platform import on_vmware
from migrate.judging.reading import on_family
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")
_WINDOWS = OS_FAMILY.known("windows")


def _nowhere(volume: GuestVolume) -> bool | None:
    return None if volume.disk is None else volume.disk == "0"


def _named(volume: GuestVolume) -> str:
    return volume.mount_point


def _volume(disk: str | None) -> Observation:
    return GUEST_VOLUMES.known((GuestVolume(mount_point="D:", disk=disk),))


RULE = Rule(
    title="Nobody tells on which virtual disk a volume lies",
    why=(
        "VMware Tools do not say which disk holds the drive letter: Forklift cannot name its "
        "disks by drive, and whoever chooses which disks to replicate must look inside the "
        "guest."
    ),
    fix=("Update VMware Tools, or look inside the guest before disks are chosen or left out."),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(on_family("windows", any_part(GUEST_VOLUMES, _nowhere, _named))),
    examples=(
        flags("no key", _VMWARE, _WINDOWS, _volume("0")),
        passes("a key", _VMWARE, _WINDOWS, _volume("2000")),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        spares("Linux", _VMWARE, OS_FAMILY.known("linux")),
        cannot_tell("key not told", _VMWARE, _WINDOWS, _volume(None)),
        cannot_tell("volumes not told", _VMWARE, _WINDOWS, untold(GUEST_VOLUMES)),
        cannot_tell("system not told", _VMWARE, untold(OS_FAMILY)),
    ),
)
