"""No disk is encrypted, as VM Import/Export needs it."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.encryption import judge_encrypted
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="An encrypted disk, which VM Import/Export does not take",
    why="VM Import/Export, one way to AWS among several, does not import encrypted volumes.",
    fix="Decrypt the disk before the export; EBS encrypts volumes by itself.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=about(DISKS, judge_encrypted),
    examples=(
        flags("one", DISKS.known((disk("sda", 8, encrypted=True),))),
        passes("none", DISKS.known((disk("sda", 8, encrypted=False),))),
        cannot_tell("encryption not told", DISKS.known((disk("sda", 8),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
