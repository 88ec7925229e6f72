"""No more memory than the largest EC2 type has."""

from __future__ import annotations

from inventory.model.facts import MEMORY_TOTAL
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.limits import at_most
from migrate.judging.sources import AWS_INSTANCE_TYPES
from migrate.judging.units import GIB, gib
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 16_384 * GIB

RULE = Rule(
    title="More memory than any EC2 instance type has",
    why="The largest type offered in London has 16,384 GiB of memory.",
    fix="Reduce the memory to what is used, or split the work over several servers.",
    source=AWS_INSTANCE_TYPES.citation,
    source_date=AWS_INSTANCE_TYPES.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=at_most(MEMORY_TOTAL, LIMIT, gib),
    examples=(
        flags("just above the limit", MEMORY_TOTAL.known(16_384 * GIB + 1)),
        passes("at the limit", MEMORY_TOTAL.known(16_384 * GIB)),
        passes("a usual server", MEMORY_TOTAL.known(16 * GIB)),
        cannot_tell("not told", untold(MEMORY_TOTAL)),
    ),
)
