"""Every virtual disk is a file on a datastore, not a device of the storage network."""

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


def _disk(*, raw: bool | None) -> Observation:
    return VIRTUAL_DISKS.known((VirtualDisk(name="Hard disk 2", raw_device=raw),))


RULE = Rule(
    title="A disk is a device of the storage network passed through (RDM)",
    why=(
        "Azure Migrate's agentless route leaves such disks behind, and Forklift refuses them "
        "without copy offload. Snapshots, by which AWS MGN copies through vCenter, do not take "
        "one in physical mode."
    ),
    fix=(
        "Replicate by an agent in the guest, which sees it as any disk, or turn it into a "
        "virtual disk before the move."
    ),
    source=AZURE_AGENTLESS.citation,
    source_date=AZURE_AGENTLESS.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_vmware(any_part(VIRTUAL_DISKS, lambda disk: disk.raw_device, lambda disk: disk.name)),
    examples=(
        flags("a raw device", _VMWARE, _disk(raw=True)),
        passes("a virtual disk", _VMWARE, _disk(raw=False)),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("not told of the disk", _VMWARE, _disk(raw=None)),
        cannot_tell("virtual disks not told", _VMWARE, untold(VIRTUAL_DISKS)),
    ),
)
