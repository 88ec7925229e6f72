"""System disk is one that Azure Migrate replicates."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import BOOT_TYPE, DISKS, FILESYSTEMS
from inventory.model.parts import BootType, Disk
from inventory.model.storage import PARTITIONS, VOLUMES, Partition, Volume, VolumeKind
from migrate.judging.examples import cannot_tell, disk, flags, mounted, passes, untold
from migrate.judging.limits import named_disks, over
from migrate.judging.reading import lacking
from migrate.judging.sources import AZURE_REPLICATION
from migrate.judging.system_disk import find_system_disk
from migrate.judging.units import GIB
from migrate.model.rule import CannotTell, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT_GIB = {BootType.BIOS: 2_048, BootType.UEFI: 4_096}

_ROOT = FILESYSTEMS.known((mounted("/", "/dev/sda1"),))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    disks = facts.of(DISKS)
    if not isinstance(disks, Known):
        return CannotTell(missing=(DISKS,))
    if not any(over(disk, min(LIMIT_GIB.values())) for disk in disks.value):
        return Passed()
    return _judge_large(facts, disks.value)


def _judge_large(facts: Facts, disks: tuple[Disk, ...]) -> Judgement:
    boot, filesystems = facts.of(BOOT_TYPE), facts.of(FILESYSTEMS)
    if not isinstance(boot, Known) or not isinstance(filesystems, Known):
        return lacking(facts, BOOT_TYPE, FILESYSTEMS)
    disk = find_system_disk(facts, disks, filesystems.value)
    if isinstance(disk, CannotTell):
        return disk
    return named_disks([disk] if over(disk, LIMIT_GIB[boot.value]) else [])


RULE = Rule(
    title="The system disk is larger than replication to Azure takes",
    why=(
        "Azure Migrate replicates system disks of up to 2,048 GB for a server that boots by "
        "BIOS (generation 1) and up to 4 TB for one that boots by UEFI (generation 2)."
    ),
    fix="Shrink the system disk, or rebuild on a smaller one with the data on disks of its own.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags(
            "3 TiB, BIOS", DISKS.known((disk("sda", 3_072),)), BOOT_TYPE.known(BootType.BIOS), _ROOT
        ),
        passes(
            "3 TiB, UEFI", DISKS.known((disk("sda", 3_072),)), BOOT_TYPE.known(BootType.UEFI), _ROOT
        ),
        passes("a small disk, however it boots", DISKS.known((disk("sda", 64),))),
        passes(
            "3 TiB of data",
            DISKS.known((disk("sda", 64), disk("sdb", 3_072))),
            BOOT_TYPE.known(BootType.BIOS),
            _ROOT,
        ),
        flags(
            "a GiB too large, BIOS",
            DISKS.known((disk("sda", 2_049),)),
            BOOT_TYPE.known(BootType.BIOS),
            _ROOT,
        ),
        passes(
            "just 2 TiB, BIOS",
            DISKS.known((disk("sda", 2_048),)),
            BOOT_TYPE.known(BootType.BIOS),
            _ROOT,
        ),
        flags(
            "a GiB too large, UEFI",
            DISKS.known((disk("sda", 4_097),)),
            BOOT_TYPE.known(BootType.UEFI),
            _ROOT,
        ),
        passes(
            "just 4 TiB, UEFI",
            DISKS.known((disk("sda", 4_096),)),
            BOOT_TYPE.known(BootType.UEFI),
            _ROOT,
        ),
        cannot_tell(
            "boot type not told", DISKS.known((disk("sda", 3_072),)), untold(BOOT_TYPE), _ROOT
        ),
        passes(
            "3 TiB of data, and the system on a volume of the other disk",
            DISKS.known((disk("sda", 64), disk("sdb", 3_072))),
            BOOT_TYPE.known(BootType.BIOS),
            FILESYSTEMS.known((mounted("/", "/dev/mapper/vg-root"),)),
            PARTITIONS.known((Partition(name="sda2", disk="sda", size_bytes=60 * GIB),)),
            VOLUMES.known(
                (
                    Volume(
                        name="vg-root",
                        device="dm-0",
                        kind=VolumeKind.LOGICAL_VOLUME,
                        size_bytes=50 * GIB,
                        on=("sda2",),
                    ),
                )
            ),
        ),
        cannot_tell(
            "system on a volume manager, of which nothing was told",
            DISKS.known((disk("sda", 64), disk("sdb", 3_072))),
            BOOT_TYPE.known(BootType.BIOS),
            FILESYSTEMS.known((mounted("/", "/dev/mapper/vg-root"),)),
        ),
        cannot_tell("disks not told", untold(DISKS)),
        cannot_tell(
            "filesystems not told",
            DISKS.known((disk("sda", 3_072),)),
            BOOT_TYPE.known(BootType.BIOS),
            untold(FILESYSTEMS),
        ),
    ),
)
