"""Memory is free for the replication agent."""

from __future__ import annotations

from inventory.model.facts import MEMORY_AVAILABLE
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_REPLICATION
from migrate.judging.units import MIB, mib
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_BYTES = 300 * MIB


def _judge(free: int) -> Judgement:
    return Flagged(observed=f"{mib(free)} free") if free < LEAST_BYTES else Passed()


RULE = Rule(
    title="Too little free memory",
    why="The replication agent of AWS MGN needs 300 MB of free memory.",
    fix="Add memory or stop what is not needed while the server replicates.",
    source=AWS_REPLICATION.citation,
    source_date=AWS_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=about(MEMORY_AVAILABLE, _judge),
    examples=(
        flags("one byte too little", MEMORY_AVAILABLE.known(300 * MIB - 1)),
        passes("just enough", MEMORY_AVAILABLE.known(300 * MIB)),
        cannot_tell("not told", untold(MEMORY_AVAILABLE)),
    ),
)
