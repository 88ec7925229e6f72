"""Disk that is booted by an MBR is no larger than one can address."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.fact import Facts, Known
from inventory.model.facts import DISKS, FILESYSTEMS
from inventory.model.parts import Disk
from migrate.judging.examples import cannot_tell, disk, flags, mounted, passes, untold
from migrate.judging.limits import named_disks, over
from migrate.judging.sources import AWS_VOLUMES
from migrate.judging.system_disk import find_system_disk
from migrate.judging.units import TIB_IN_GIB
from migrate.model.rule import CannotTell, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT_GIB = 2 * TIB_IN_GIB
GPT = "gpt"

_ROOT = FILESYSTEMS.known((mounted("/", "/dev/sda1"),))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    disks = facts.of(DISKS)
    if not isinstance(disks, Known):
        return CannotTell(missing=(DISKS,))
    if not any(over(each, LIMIT_GIB) for each in disks.value):
        return Passed()
    filesystems = facts.of(FILESYSTEMS)
    if not isinstance(filesystems, Known):
        return CannotTell(missing=(FILESYSTEMS,))
    found = find_system_disk(facts, disks.value, filesystems.value)
    return found if isinstance(found, CannotTell) else _judge_system(found)


def _judge_system(disk: Disk) -> Judgement:
    if over(disk, LIMIT_GIB) and disk.partition_table is None:
        because = f"how {disk.name} is partitioned was not told"
        return CannotTell(missing=(DISKS,), because=because)
    return named_disks([disk] if over(disk, LIMIT_GIB) and disk.partition_table != GPT else [])


def _disk(name: str, size_gib: int, table: str | None) -> Disk:
    return replace(disk(name, size_gib), partition_table=table)


RULE = Rule(
    title="A system disk above 2 TiB without GPT",
    why="A volume that is partitioned by an MBR, and so is booted by it, has up to 2 TiB on EBS.",
    fix="Shrink the system disk, or give it a GPT.",
    source=AWS_VOLUMES.citation,
    source_date=AWS_VOLUMES.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags("3 TiB, MBR", DISKS.known((_disk("sda", 3_072, "dos"),)), _ROOT),
        passes("3 TiB, GPT", DISKS.known((_disk("sda", 3_072, "gpt"),)), _ROOT),
        passes("a small disk", DISKS.known((_disk("sda", 64, None),))),
        passes(
            "3 TiB of data",
            DISKS.known((_disk("sda", 64, "dos"), _disk("sdb", 3_072, "dos"))),
            _ROOT,
        ),
        flags("a GiB too large", DISKS.known((_disk("sda", 2_049, "dos"),)), _ROOT),
        passes("just 2 TiB", DISKS.known((_disk("sda", 2_048, "dos"),)), _ROOT),
        passes(
            "a small system disk whose table is not told, beside much data",
            DISKS.known((_disk("sda", 64, None), _disk("sdb", 3_072, "dos"))),
            _ROOT,
        ),
        cannot_tell("table not told", DISKS.known((_disk("sda", 3_072, None),)), _ROOT),
        cannot_tell(
            "which disk holds the system not told",
            DISKS.known((_disk("sda", 64, "dos"), _disk("sdb", 3_072, "dos"))),
            FILESYSTEMS.known((mounted("/", "/dev/mapper/vg-root"),)),
        ),
        cannot_tell("disks not told", untold(DISKS)),
        cannot_tell(
            "filesystems not told", DISKS.known((_disk("sda", 3_072, "dos"),)), untold(FILESYSTEMS)
        ),
    ),
)
