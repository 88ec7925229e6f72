"""No more processors than Azure assesses."""

from __future__ import annotations

from inventory.model.facts import CPU_THREADS
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.limits import at_most
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 128

RULE = Rule(
    title="More processors than an Azure VM may have",
    why="Azure Migrate calls a server with more than 128 cores not ready.",
    fix="Reduce the processors to what is used, or split the work over several servers.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=at_most(CPU_THREADS, LIMIT, lambda seen: f"{seen} processors"),
    examples=(
        flags("just above the limit", CPU_THREADS.known(129)),
        passes("at the limit", CPU_THREADS.known(128)),
        passes("a usual server", CPU_THREADS.known(4)),
        cannot_tell("not told", untold(CPU_THREADS)),
    ),
)
