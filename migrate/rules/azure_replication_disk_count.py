"""No more disks than Azure Migrate replicates."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disks, flags, passes, untold
from migrate.judging.limits import disks_at_most
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 63

RULE = Rule(
    title="More disks than replication to Azure takes",
    why=(
        "Azure Migrate replicates up to 63 disks of a server; another table of the same page "
        "says 64 data disks, and the smaller number is kept here."
    ),
    fix="Join disks before replication, or copy some of them by other means.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=disks_at_most(LIMIT),
    examples=(
        flags("one disk too many", disks(64)),
        passes("as many disks as may be", disks(63)),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
