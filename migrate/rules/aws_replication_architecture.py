"""Architecture is one that AWS MGN replicates."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import ARCHITECTURE
from migrate.judging.architecture import is_x86_64
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Architecture that AWS MGN does not take",
    why="AWS MGN replicates 64-bit x86 servers only.",
    fix="Rebuild the server on EC2 and move the application.",
    source=(
        "AWS MGN FAQ and installation requirements, docs.aws.amazon.com/mgn/latest/ug, with a "
        "transcription of its list of systems"
    ),
    source_date=date(2026, 3, 4),
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=about(ARCHITECTURE, lambda seen: Passed() if is_x86_64(seen) else Flagged(observed=seen)),
    examples=(
        flags("32-bit x86", ARCHITECTURE.known("i686")),
        flags("64-bit Arm", ARCHITECTURE.known("aarch64")),
        passes("64-bit x86", ARCHITECTURE.known("x86_64")),
        cannot_tell("not told", untold(ARCHITECTURE)),
    ),
)
