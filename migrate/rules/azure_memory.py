"""No more memory than Azure assesses."""

from __future__ import annotations

from inventory.model.facts import MEMORY_TOTAL
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.limits import at_most
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.judging.units import GIB, gib
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 3_892 * GIB

RULE = Rule(
    title="More memory than an Azure VM may have",
    why="Azure Migrate calls a server with more than 3,892 GB of memory not ready.",
    fix="Reduce the memory to what is used, or split the work over several servers.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=at_most(MEMORY_TOTAL, LIMIT, gib),
    examples=(
        flags("just above the limit", MEMORY_TOTAL.known(3_892 * GIB + 1)),
        passes("at the limit", MEMORY_TOTAL.known(3_892 * GIB)),
        passes("a usual server", MEMORY_TOTAL.known(16 * GIB)),
        cannot_tell("not told", untold(MEMORY_TOTAL)),
    ),
)
