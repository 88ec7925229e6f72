"""Secure Boot is off."""

from __future__ import annotations

from inventory.model.facts import BOOT_TYPE, SECURE_BOOT
from inventory.model.parts import BootType
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.secure_boot import judge_secure_boot
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Secure Boot is on",
    why="Azure Migrate does not replicate servers with Secure Boot.",
    fix="Turn Secure Boot off before replication, and on again in Azure.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=judge_secure_boot,
    examples=(
        flags("on", SECURE_BOOT.known(value=True), BOOT_TYPE.known(BootType.UEFI)),
        passes("off", SECURE_BOOT.known(value=False)),
        passes("BIOS, which has none", BOOT_TYPE.known(BootType.BIOS), untold(SECURE_BOOT)),
        cannot_tell("UEFI, not told", BOOT_TYPE.known(BootType.UEFI), untold(SECURE_BOOT)),
        cannot_tell("nothing told", untold(BOOT_TYPE), untold(SECURE_BOOT)),
    ),
)
