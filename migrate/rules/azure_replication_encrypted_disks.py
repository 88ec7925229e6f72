"""No disk is encrypted."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.encryption import judge_encrypted
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="A disk is encrypted",
    why=(
        "Azure Migrate does not replicate disks under BitLocker or another encryption of the "
        "system."
    ),
    fix="Decrypt the disk before replication; Azure encrypts disks at rest by itself.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(DISKS, judge_encrypted),
    examples=(
        flags(
            "one of two",
            DISKS.known((disk("sda", 8, encrypted=False), disk("sdb", 8, encrypted=True))),
        ),
        flags(
            "one, and another not told",
            DISKS.known((disk("sda", 8), disk("sdb", 8, encrypted=True))),
        ),
        passes("none", DISKS.known((disk("sda", 8, encrypted=False),))),
        cannot_tell("encryption not told", DISKS.known((disk("sda", 8),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
