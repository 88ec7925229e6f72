"""Whether a server boots by Secure Boot, which more than one tool does not replicate."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import BOOT_TYPE, SECURE_BOOT
from inventory.model.parts import BootType
from migrate.judging.reading import lacking
from migrate.model.rule import Flagged, Judgement, Passed, Surroundings


def judge_secure_boot(facts: Facts, _around: Surroundings) -> Judgement:
    """Flag Secure Boot that is on. A BIOS has none, whether or not anyone asked."""
    secure, boot = facts.of(SECURE_BOOT), facts.of(BOOT_TYPE)
    if isinstance(secure, Known):
        return Flagged(observed="Secure Boot is on") if secure.value else Passed()
    if isinstance(boot, Known) and boot.value is BootType.BIOS:
        return Passed()
    return lacking(facts, BOOT_TYPE, SECURE_BOOT)
