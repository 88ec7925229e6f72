"""Disks have sectors of 512 bytes."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import named_disks
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_SITE_RECOVERY
from migrate.model.rule import CannotTell, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

SECTOR_BYTES = 512


def _judge(seen: tuple[Disk, ...]) -> Judgement:
    found = [each for each in seen if each.sector_bytes not in {None, SECTOR_BYTES}]
    if found:
        return named_disks(found)
    if any(each.sector_bytes is None for each in seen):
        return CannotTell(missing=(DISKS,), because="the size of the disks' sectors was not told")
    return Passed()


def _disk(sector_bytes: int | None) -> Disk:
    return replace(disk("sda", 64), sector_bytes=sector_bytes)


RULE = Rule(
    title="A disk has sectors of 4 KiB",
    why=(
        "The agent of Azure Migrate and Site Recovery does not replicate disks whose logical "
        "sectors are of 4 KiB."
    ),
    fix="Copy the data onto a disk with sectors of 512 bytes, or move it by other means.",
    source=AZURE_SITE_RECOVERY.citation,
    source_date=AZURE_SITE_RECOVERY.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(DISKS, _judge),
    examples=(
        flags("4 KiB", DISKS.known((_disk(4_096),))),
        passes("512 bytes", DISKS.known((_disk(512),))),
        cannot_tell("size of the sectors not told", DISKS.known((_disk(None),))),
        cannot_tell("disks not told", untold(DISKS)),
        cannot_tell("sectors of one of two not told", DISKS.known((_disk(512), _disk(None)))),
    ),
)
