"""No disk is larger than VM Import/Export simply takes."""

from __future__ import annotations

from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.limits import named_disks
from migrate.judging.reading import about
from migrate.judging.sources import AWS_IMPORT
from migrate.judging.units import GIB, TIB_IN_GIB
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PLAIN_GIB = 8 * TIB_IN_GIB


def _judge(seen: tuple[Disk, ...]) -> Judgement:
    return named_disks(each for each in seen if each.size_bytes >= PLAIN_GIB * GIB)


RULE = Rule(
    title="A disk of 8 TiB or more, which VM Import/Export does not simply take",
    why=(
        "VM Import/Export, one way to AWS among several, takes images of less than 16 TiB, and "
        "ImportImage those of less than 8 TiB; larger ones need a manifest file."
    ),
    fix="Replicate such a disk by AWS MGN, or copy its data by other means.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=about(DISKS, _judge),
    examples=(
        flags("8 TiB", DISKS.known((disk("sda", 64), disk("sdb", 8 * TIB_IN_GIB)))),
        passes("just less", DISKS.known((disk("sda", 8 * TIB_IN_GIB - 1),))),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
