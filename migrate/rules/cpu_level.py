"""The processor reaches what new releases of its system ask for."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import ARCHITECTURE, OS_ID
from inventory.model.hardware import CPU_LEVEL
from migrate.judging.architecture import is_x86_64
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.sources import RHEL_LEVELS
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

KIN = frozenset({"centos", "ol", "rhel", "rocky"})
SHORT_OF = {"x86-64": "RHEL 9", "x86-64-v2": "RHEL 10"}

_RHEL = OS_ID.known("rhel")
_X86 = ARCHITECTURE.known("x86_64")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    system = facts.of(OS_ID)
    if not isinstance(system, Known):
        return CannotTell(missing=(OS_ID,))
    if system.value not in KIN:
        return NotApplicable()
    architecture = facts.of(ARCHITECTURE)
    if not isinstance(architecture, Known):
        return CannotTell(missing=(ARCHITECTURE,))
    return _judge_level(facts) if is_x86_64(architecture.value) else NotApplicable()


def _judge_level(facts: Facts) -> Judgement:
    level = facts.of(CPU_LEVEL)
    if not isinstance(level, Known):
        return CannotTell(missing=(CPU_LEVEL,))
    release = SHORT_OF.get(level.value)
    return Flagged(observed=f"{level.value}, too little for {release}") if release else Passed()


RULE = Rule(
    title="The processor is too old for new releases of its system",
    why=(
        "RHEL 9 and its kin ask for x86-64-v2, RHEL 10 for x86-64-v3. On this processor, or "
        "under this setting of the hypervisor, the system cannot be upgraded before the move; "
        "in a cloud it can. AlmaLinux 10 alone has a build for v2, and is not judged."
    ),
    fix=(
        "Upgrade after the move, or rebuild on a newer release at the destination; for the "
        "Hub, buy or choose processors of that level."
    ),
    source=RHEL_LEVELS.citation,
    source_date=RHEL_LEVELS.date,
    axis=Axis.SUPPORT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags("the first level", _RHEL, _X86, CPU_LEVEL.known("x86-64")),
        flags("the second level", _RHEL, _X86, CPU_LEVEL.known("x86-64-v2")),
        passes("the third level", _RHEL, _X86, CPU_LEVEL.known("x86-64-v3")),
        passes("the fourth level", _RHEL, _X86, CPU_LEVEL.known("x86-64-v4")),
        spares("another distribution", OS_ID.known("debian")),
        spares("Arm", _RHEL, ARCHITECTURE.known("aarch64")),
        cannot_tell("level not told", _RHEL, _X86, untold(CPU_LEVEL)),
        cannot_tell("architecture not told", _RHEL, untold(ARCHITECTURE)),
        cannot_tell("system not told", untold(OS_ID), _X86),
    ),
)
