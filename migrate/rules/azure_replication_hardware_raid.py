"""No disk is one of a hardware RAID controller."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.facts import DISKS
from inventory.model.parts import Disk, Transport
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import named_disks
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_SITE_RECOVERY
from migrate.model.rule import CannotTell, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Disk, ...]) -> Judgement:
    found = [each for each in seen if each.transport is Transport.RAID]
    if found:
        return named_disks(found)
    if any(each.transport is None for each in seen):
        return CannotTell(missing=(DISKS,), because="how the disks are attached was not told")
    return Passed()


def _disk(transport: Transport | None) -> Disk:
    return replace(disk("sda", 64), transport=transport)


RULE = Rule(
    title="A disk of a hardware RAID controller",
    why=(
        "The matrix of Azure Site Recovery, which Azure Migrate's agent shares, calls disks of "
        "hardware RAID not supported, and names HP's CCISS controllers."
    ),
    fix="Try the replication of this server early, and plan to rebuild it should that fail.",
    source=AZURE_SITE_RECOVERY.citation,
    source_date=AZURE_SITE_RECOVERY.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=about(DISKS, _judge),
    examples=(
        flags("a RAID controller's", DISKS.known((_disk(Transport.RAID),))),
        passes("a hypervisor's", DISKS.known((_disk(Transport.SCSI),))),
        cannot_tell("how it is attached not told", DISKS.known((_disk(None),))),
        cannot_tell("disks not told", untold(DISKS)),
        cannot_tell(
            "how one of two is attached not told", DISKS.known((_disk(Transport.SCSI), _disk(None)))
        ),
    ),
)
