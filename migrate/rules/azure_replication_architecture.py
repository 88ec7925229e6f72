"""Architecture is one that Azure Migrate replicates."""

from __future__ import annotations

from inventory.model.facts import ARCHITECTURE
from migrate.judging.architecture import is_x86_64
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Architecture that replication to Azure does not take",
    why="Azure Migrate replicates 64-bit x86 servers only.",
    fix="Rebuild the server in Azure and move the application.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=about(ARCHITECTURE, lambda seen: Passed() if is_x86_64(seen) else Flagged(observed=seen)),
    examples=(
        flags("32-bit x86", ARCHITECTURE.known("i686")),
        flags("64-bit Arm", ARCHITECTURE.known("aarch64")),
        passes("64-bit x86", ARCHITECTURE.known("x86_64")),
        cannot_tell("not told", untold(ARCHITECTURE)),
    ),
)
