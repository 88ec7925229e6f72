"""No disk larger than an EBS volume may be."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import each_disk_at_most
from migrate.judging.units import TIB_IN_GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT_GIB = 64 * TIB_IN_GIB

RULE = Rule(
    title="A disk is larger than an EBS volume",
    why="A gp3 volume holds up to 64 TiB.",
    fix="Spread the data over several volumes, or move it to a file or object service.",
    source=(
        "EBS volume limits of 2026-01 (older documentation says 16 TiB for gp3), SpareCores "
        "sc-data-dumps data/storage/aws/gp3.json"
    ),
    source_date=date(2026, 1, 1),
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
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
