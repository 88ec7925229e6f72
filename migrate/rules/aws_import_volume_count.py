"""No more volumes than VM Import/Export takes."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disks, flags, passes, untold
from migrate.judging.limits import disks_at_most
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 21

RULE = Rule(
    title="More volumes than VM Import/Export takes",
    why=(
        "An import by VM Import/Export, one way to AWS among several, fails with more than 21 "
        "volumes; further ones can be imported as snapshots of their own."
    ),
    fix="Import the further disks with ImportSnapshot, or replicate by AWS MGN instead.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=disks_at_most(LIMIT),
    examples=(
        flags("one disk too many", disks(22)),
        passes("as many disks as may be", disks(21)),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
