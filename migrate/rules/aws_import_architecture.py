"""Linux is a 64-bit one, as VM Import/Export takes it."""

from __future__ import annotations

from inventory.model.facts import ARCHITECTURE, OS_FAMILY
from migrate.judging.architecture import is_32_bit
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="32-bit Linux, which VM Import/Export does not take",
    why="VM Import/Export, one way to AWS among several, imports 64-bit Linux only.",
    fix="Rebuild on a 64-bit release, or move the application by other means.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=on_family(
        "linux",
        about(ARCHITECTURE, lambda seen: Flagged(observed=seen) if is_32_bit(seen) else Passed()),
    ),
    examples=(
        flags("32-bit x86", _LINUX, ARCHITECTURE.known("i686")),
        passes("64-bit x86", _LINUX, ARCHITECTURE.known("x86_64")),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("not told", _LINUX, untold(ARCHITECTURE)),
    ),
)
