"""System disk of a server that boots by UEFI has four partitions at most."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import BOOT_TYPE, DISKS, FILESYSTEMS
from inventory.model.parts import BootType
from inventory.model.storage import PARTITIONS, Partition
from migrate.judging.examples import (
    cannot_tell,
    disk,
    flags,
    mounted,
    passes,
    spares,
    untold,
)
from migrate.judging.reading import lacking
from migrate.judging.sources import AZURE_REPLICATION
from migrate.judging.system_disk import find_system_disk
from migrate.judging.units import GIB
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
    Rule,
    Surroundings,
)
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 4

_UEFI = BOOT_TYPE.known(BootType.UEFI)
_ROOT = FILESYSTEMS.known((mounted("/", "/dev/sda2"),))
_DISK = DISKS.known((disk("sda", 64),))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    boot = facts.of(BOOT_TYPE)
    if not isinstance(boot, Known):
        return CannotTell(missing=(BOOT_TYPE,))
    if boot.value is BootType.BIOS:
        return NotApplicable()
    disks, filesystems = facts.of(DISKS), facts.of(FILESYSTEMS)
    partitions = facts.of(PARTITIONS)
    if not (
        isinstance(disks, Known)
        and isinstance(filesystems, Known)
        and isinstance(partitions, Known)
    ):
        return lacking(facts, DISKS, FILESYSTEMS, PARTITIONS)
    found = find_system_disk(facts, disks.value, filesystems.value)
    if isinstance(found, CannotTell):
        return found
    count = sum(each.disk == found.name for each in partitions.value)
    return Flagged(observed=f"{count} on {found.name}") if count > LIMIT else Passed()


def _partitions(count: int) -> Observation:
    return PARTITIONS.known(
        tuple(Partition(name=f"sda{n + 1}", disk="sda", size_bytes=GIB) for n in range(count))
    )


RULE = Rule(
    title="More partitions on the system disk than Azure Migrate takes with UEFI",
    why=(
        "Azure Migrate asks that the system disk of a server that boots by UEFI has up to four "
        "partitions, and NTFS on them, which can only be meant of Windows."
    ),
    fix="Remove what is not needed, such as recovery partitions, or try the replication early.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=_judge,
    examples=(
        flags("five", _UEFI, _DISK, _ROOT, _partitions(5)),
        passes("four", _UEFI, _DISK, _ROOT, _partitions(4)),
        spares("BIOS", BOOT_TYPE.known(BootType.BIOS)),
        cannot_tell("partitions not told", _UEFI, _DISK, _ROOT, untold(PARTITIONS)),
        cannot_tell("boot type not told", untold(BOOT_TYPE)),
        cannot_tell("filesystems not told", _UEFI, _DISK, untold(FILESYSTEMS), _partitions(5)),
        cannot_tell("disks not told", _UEFI, untold(DISKS), _ROOT, _partitions(5)),
        cannot_tell(
            "which of two disks holds the system not told",
            _UEFI,
            DISKS.known((disk("sda", 64), disk("sdb", 64))),
            FILESYSTEMS.known((mounted("/", "/dev/mapper/vg-root"),)),
            _partitions(5),
        ),
    ),
)
