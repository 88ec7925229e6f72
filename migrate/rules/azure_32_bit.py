"""System is not a 32-bit one."""

from __future__ import annotations

from inventory.model.facts import ARCHITECTURE
from migrate.judging.architecture import is_32_bit
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="32-bit system",
    why="Azure Migrate calls 32-bit systems ready with conditions: they may boot, without support.",
    fix="Rebuild on a 64-bit release.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=about(ARCHITECTURE, lambda seen: Flagged(observed=seen) if is_32_bit(seen) else Passed()),
    examples=(
        flags("32-bit Linux", ARCHITECTURE.known("i686")),
        passes("64-bit Linux", ARCHITECTURE.known("x86_64")),
        passes("64-bit Arm", ARCHITECTURE.known("aarch64")),
        cannot_tell("not told", untold(ARCHITECTURE)),
    ),
)
