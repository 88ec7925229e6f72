"""Secure Boot is off."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import BOOT_TYPE, SECURE_BOOT
from inventory.model.parts import BootType
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import lacking
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    secure, boot = facts.of(SECURE_BOOT), facts.of(BOOT_TYPE)
    if isinstance(secure, Known):
        return Flagged(observed="Secure Boot is on") if secure.value else Passed()
    # A BIOS has no Secure Boot, whether or not anyone asked.
    if isinstance(boot, Known) and boot.value is BootType.BIOS:
        return Passed()
    return lacking(facts, BOOT_TYPE, SECURE_BOOT)


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
    judge=_judge,
    examples=(
        flags("on", SECURE_BOOT.known(value=True), BOOT_TYPE.known(BootType.UEFI)),
        passes("off", SECURE_BOOT.known(value=False)),
        passes("BIOS, which has none", BOOT_TYPE.known(BootType.BIOS), untold(SECURE_BOOT)),
        cannot_tell("UEFI, not told", BOOT_TYPE.known(BootType.UEFI), untold(SECURE_BOOT)),
        cannot_tell("nothing told", untold(BOOT_TYPE), untold(SECURE_BOOT)),
    ),
)
