"""No more disks than an EC2 instance takes."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disks, flags, passes, untold
from migrate.judging.limits import disks_at_most
from migrate.judging.sources import AWS_INSTANCE_TYPES
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 128

RULE = Rule(
    title="More disks than an EC2 instance takes",
    why="No type offered in London takes more than 128 volumes.",
    fix="Join disks, or move data to a file or object service.",
    source=AWS_INSTANCE_TYPES.citation,
    source_date=AWS_INSTANCE_TYPES.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=disks_at_most(LIMIT),
    examples=(
        flags("one disk too many", disks(129)),
        passes("as many disks as may be", disks(128)),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
