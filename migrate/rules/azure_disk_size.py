"""No disk larger than Azure assesses."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import each_disk_at_most
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.judging.units import TIB_IN_GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT_GIB = 64 * TIB_IN_GIB

RULE = Rule(
    title="A disk is larger than 64 TB",
    why="Azure Migrate calls a server with such a disk not ready.",
    fix="Spread the data over several disks, or move it to a file or object service.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=each_disk_at_most(LIMIT_GIB),
    examples=(
        flags(
            "one disk too large", DISKS.known((disk("sda", 64), disk("sdb", 64 * TIB_IN_GIB + 1)))
        ),
        passes("a disk of just the limit", DISKS.known((disk("sda", 64 * TIB_IN_GIB),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
