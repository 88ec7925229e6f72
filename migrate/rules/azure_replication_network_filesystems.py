"""No data lies on a filesystem that another server serves."""

from __future__ import annotations

from inventory.model.facts import FILESYSTEMS
from migrate.judging.examples import cannot_tell, flags, mounted, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.judging.storage import judge_network_filesystems
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Data lies on a filesystem that another server serves",
    why="Azure Migrate does not replicate NFS and other filesystems mounted over the network.",
    fix="Plan the data as a move of its own, and see that the new server can reach it.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(FILESYSTEMS, judge_network_filesystems),
    examples=(
        flags("NFS", FILESYSTEMS.known((mounted("/srv", "files-1:/srv", kind="nfs4"),))),
        passes("local disks", FILESYSTEMS.known((mounted("/", "/dev/sda1"),))),
        cannot_tell("filesystems not told", untold(FILESYSTEMS)),
    ),
)
