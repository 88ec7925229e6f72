"""No virtual disk is written by several virtual machines."""

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
_ALONE = frozenset({"sharingnone", "nosharing"})


def _shared(disk: VirtualDisk) -> bool | None:
    return None if disk.sharing is None else disk.sharing.lower() not in _ALONE


def _named(disk: VirtualDisk) -> str:
    return f"{disk.name} ({disk.sharing})" if disk.sharing else disk.name


def _disk(sharing: str | None) -> Observation:
    return VIRTUAL_DISKS.known((VirtualDisk(name="Hard disk 2", sharing=sharing),))


RULE = Rule(
    title="A virtual disk is shared with other virtual machines",
    why=(
        "The members would be moved as if each had a disk of its own, and would drift apart "
        "from then on. Azure Migrate replicates no shared disks, and AWS MGN knows nothing of "
        "clusters."
    ),
    fix=(
        "Move the members as one: to a shared disk of the cloud (EBS Multi-Attach, Azure shared "
        "disk), to a shared filesystem, or to a managed service that needs none."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_vmware(any_part(VIRTUAL_DISKS, _shared, _named, severity=Severity.CONDITION)),
    examples=(
        flags("several writers", _VMWARE, _disk("sharingMultiWriter")),
        flags("its controller's bus is shared", _VMWARE, _disk("physicalSharing")),
        passes("shared with nobody", _VMWARE, _disk("sharingNone")),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("sharing not told", _VMWARE, _disk(None)),
        cannot_tell("virtual disks not told", _VMWARE, untold(VIRTUAL_DISKS)),
    ),
)
