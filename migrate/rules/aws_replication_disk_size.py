"""No disk larger than AWS MGN replicates."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import each_disk_at_most
from migrate.judging.sources import AWS_AGENT
from migrate.judging.units import TIB_IN_GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT_GIB = 16 * TIB_IN_GIB

RULE = Rule(
    title="A disk is larger than AWS MGN replicates",
    why=(
        "AWS MGN replicates volumes of up to 16 TB; its agent cannot be installed where one is "
        "larger."
    ),
    fix="Spread the data over smaller disks, or copy it by other means than replication.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=each_disk_at_most(LIMIT_GIB),
    examples=(
        flags(
            "one disk too large", DISKS.known((disk("sda", 64), disk("sdb", 16 * TIB_IN_GIB + 1)))
        ),
        passes("a disk of just the limit", DISKS.known((disk("sda", 16 * TIB_IN_GIB),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
