"""No more processors than the largest EC2 type has."""

from __future__ import annotations

from inventory.model.facts import CPU_THREADS
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.limits import at_most
from migrate.judging.sources import AWS_INSTANCE_TYPES
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 896

RULE = Rule(
    title="More processors than any EC2 instance type has",
    why="The largest type offered in London has 896 vCPUs.",
    fix="Reduce the processors to what is used, or split the work over several servers.",
    source=AWS_INSTANCE_TYPES.citation,
    source_date=AWS_INSTANCE_TYPES.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=at_most(CPU_THREADS, LIMIT, lambda seen: f"{seen} processors"),
    examples=(
        flags("just above the limit", CPU_THREADS.known(897)),
        passes("at the limit", CPU_THREADS.known(896)),
        passes("a usual server", CPU_THREADS.known(4)),
        cannot_tell("not told", untold(CPU_THREADS)),
    ),
)
