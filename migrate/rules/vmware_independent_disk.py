"""Every virtual disk is part of snapshots."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import VIRTUAL_DISKS, VirtualDisk
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import any_part
from migrate.judging.platform import on_vmware
from migrate.judging.sources import AZURE_AGENTLESS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")


def _independent(disk: VirtualDisk) -> bool | None:
    return None if disk.mode is None else disk.mode.lower().startswith("independent")


def _disk(mode: str | None) -> Observation:
    return VIRTUAL_DISKS.known((VirtualDisk(name="Hard disk 1", mode=mode),))


RULE = Rule(
    title="A virtual disk is independent of snapshots",
    why=(
        "Tools that copy by snapshots cannot copy it: Azure Migrate's agentless route does not "
        "support independent disks, nor does Forklift without copy offload, and AWS MGN's "
        "vCenter client copies by snapshots, too."
    ),
    fix=(
        "Set the disk to dependent while the server is off, or replicate by an agent in the guest."
    ),
    source=AZURE_AGENTLESS.citation,
    source_date=AZURE_AGENTLESS.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(any_part(VIRTUAL_DISKS, _independent, lambda disk: disk.name)),
    examples=(
        flags("independent", _VMWARE, _disk("independent_persistent")),
        passes("dependent", _VMWARE, _disk("persistent")),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("mode not told", _VMWARE, _disk(None)),
        cannot_tell("virtual disks not told", _VMWARE, untold(VIRTUAL_DISKS)),
    ),
)
