"""Linux does not boot by Secure Boot."""

from __future__ import annotations

from inventory.model.facts import BOOT_TYPE, OS_FAMILY, SECURE_BOOT
from inventory.model.parts import BootType
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.secure_boot import judge_secure_boot
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="Linux boots by Secure Boot",
    why="AWS MGN does not replicate Linux servers with Secure Boot.",
    fix="Turn Secure Boot off before the agent is installed.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", judge_secure_boot),
    examples=(
        flags("on", _LINUX, SECURE_BOOT.known(value=True), BOOT_TYPE.known(BootType.UEFI)),
        passes("off", _LINUX, SECURE_BOOT.known(value=False)),
        passes("BIOS, which has none", _LINUX, BOOT_TYPE.known(BootType.BIOS), untold(SECURE_BOOT)),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("UEFI, not told", _LINUX, BOOT_TYPE.known(BootType.UEFI), untold(SECURE_BOOT)),
        cannot_tell("nothing told", _LINUX, untold(BOOT_TYPE), untold(SECURE_BOOT)),
    ),
)
