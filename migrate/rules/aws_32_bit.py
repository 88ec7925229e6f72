"""System is not a 32-bit one."""

from __future__ import annotations

from inventory.model.facts import ARCHITECTURE
from migrate.judging.architecture import is_32_bit
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_INSTANCE_TYPES
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="32-bit system",
    why="Of the EC2 types only a few of previous generations run 32-bit kernels.",
    fix="Rebuild on a 64-bit release.",
    source=AWS_INSTANCE_TYPES.citation,
    source_date=AWS_INSTANCE_TYPES.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=about(ARCHITECTURE, lambda seen: Flagged(observed=seen) if is_32_bit(seen) else Passed()),
    examples=(
        flags("32-bit Linux", ARCHITECTURE.known("i686")),
        passes("64-bit Linux", ARCHITECTURE.known("x86_64")),
        passes("64-bit Arm", ARCHITECTURE.known("aarch64")),
        cannot_tell("not told", untold(ARCHITECTURE)),
    ),
)
