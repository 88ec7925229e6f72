"""No disk larger than Azure Migrate replicates."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import each_disk_at_most
from migrate.judging.sources import AZURE_REPLICATION
from migrate.judging.units import TIB_IN_GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT_GIB = 32 * TIB_IN_GIB

RULE = Rule(
    title="A disk is larger than replication to Azure takes",
    why="Azure Migrate replicates data disks of up to 32 TB.",
    fix="Spread the data over smaller disks before replication, or copy it by other means.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=each_disk_at_most(LIMIT_GIB),
    examples=(
        flags(
            "one disk too large", DISKS.known((disk("sda", 64), disk("sdb", 32 * TIB_IN_GIB + 1)))
        ),
        passes("a disk of just the limit", DISKS.known((disk("sda", 32 * TIB_IN_GIB),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
