"""GRUB can boot a disk with GPT by BIOS."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import DISKS, OS_FAMILY, PACKAGES
from migrate.judging.examples import (
    cannot_tell,
    disk,
    flags,
    installed,
    passes,
    spares,
    untold,
)
from migrate.judging.parts import names_of
from migrate.judging.reading import on_family
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

GPT = "gpt"
MODULES = frozenset({"grub2-pc-modules", "grub-pc-bin", "grub2-i386-pc"})

_LINUX = OS_FAMILY.known("linux")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    disks = facts.of(DISKS)
    if not isinstance(disks, Known):
        return CannotTell(missing=(DISKS,))
    tables = {each.partition_table for each in disks.value}
    if GPT not in tables:
        because = "how a disk is partitioned was not told"
        return CannotTell(missing=(DISKS,), because=because) if None in tables else Passed()
    packages = facts.of(PACKAGES)
    if not isinstance(packages, Known):
        return CannotTell(missing=(PACKAGES,))
    if names_of(packages.value) & MODULES:
        return Passed()
    return Flagged(observed="GPT, and no package grub2-pc-modules")


def _disks(table: str | None) -> Observation:
    return DISKS.known((replace(disk("sda", 64), partition_table=table),))


RULE = Rule(
    title="GRUB lacks the modules to boot GPT by BIOS",
    why=(
        "AWS MGN needs the package grub2-pc-modules where the disk that is booted has a GPT. "
        "Debian calls it grub-pc-bin, and SUSE grub2-i386-pc, by general knowledge."
    ),
    fix="Install the package before replication.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", _judge),
    examples=(
        flags("GPT without it", _LINUX, _disks("gpt"), PACKAGES.known(())),
        passes(
            "GPT with it",
            _LINUX,
            _disks("gpt"),
            PACKAGES.known((installed("grub2-pc-modules", "1:2.06-77.el9", "rpm"),)),
        ),
        passes("MBR", _LINUX, _disks("dos")),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("table not told", _LINUX, _disks(None), PACKAGES.known(())),
        cannot_tell("packages not told", _LINUX, _disks("gpt"), untold(PACKAGES)),
        cannot_tell("disks not told", _LINUX, untold(DISKS)),
    ),
)
