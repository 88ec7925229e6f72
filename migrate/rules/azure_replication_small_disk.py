"""No disk is too small to be replicated."""

from __future__ import annotations

from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.limits import named_disks
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_SITE_RECOVERY
from migrate.judging.units import GIB
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_BYTES = 1 * GIB


def _judge(seen: tuple[Disk, ...]) -> Judgement:
    return named_disks(each for each in seen if each.size_bytes < LEAST_BYTES)


RULE = Rule(
    title="A disk smaller than 1 GB",
    why="The agent of Azure Migrate and Site Recovery replicates disks of at least 1 GB.",
    fix="Leave the disk out of replication, or enlarge it.",
    source=AZURE_SITE_RECOVERY.citation,
    source_date=AZURE_SITE_RECOVERY.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=about(DISKS, _judge),
    examples=(
        flags("a byte too little", DISKS.known((Disk(name="sdb", size_bytes=GIB - 1),))),
        passes("just enough", DISKS.known((Disk(name="sdb", size_bytes=GIB),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
