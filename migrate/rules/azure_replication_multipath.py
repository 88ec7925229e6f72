"""No disk is reached over several paths."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.fact import Facts, Known
from inventory.model.facts import DISKS
from inventory.model.storage import VOLUMES, Volume, VolumeKind
from migrate.judging.examples import cannot_tell, disk, flags, passes, untold
from migrate.judging.reading import lacking
from migrate.judging.sources import AZURE_REPLICATION
from migrate.judging.units import GIB
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    disks, volumes = facts.of(DISKS), facts.of(VOLUMES)
    if not isinstance(disks, Known) or not isinstance(volumes, Known):
        return lacking(facts, DISKS, VOLUMES)
    found = {each.name for each in disks.value if each.paths}
    found |= {each.name for each in volumes.value if each.kind is VolumeKind.MULTIPATH}
    return Flagged(observed=", ".join(sorted(found))) if found else Passed()


RULE = Rule(
    title="A disk is reached over several paths",
    why="The agent of Azure Migrate does not replicate servers with multipath disks.",
    fix="Give the server a single path before replication, or copy the data by other means.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags(
            "four paths",
            DISKS.known((replace(disk("mpatha", 64), paths=4),)),
            VOLUMES.known(()),
        ),
        flags(
            "a volume of the multipath daemon",
            DISKS.known((disk("sda", 64),)),
            VOLUMES.known(
                (
                    Volume(
                        name="mpatha",
                        device="dm-0",
                        kind=VolumeKind.MULTIPATH,
                        size_bytes=64 * GIB,
                    ),
                )
            ),
        ),
        passes("none", DISKS.known((disk("sda", 64),)), VOLUMES.known(())),
        passes(
            "a volume of another kind",
            DISKS.known((disk("sda", 64),)),
            VOLUMES.known(
                (
                    Volume(
                        name="vg-root",
                        device="dm-0",
                        kind=VolumeKind.LOGICAL_VOLUME,
                        size_bytes=64 * GIB,
                    ),
                )
            ),
        ),
        cannot_tell("volumes not told", DISKS.known((disk("sda", 64),)), untold(VOLUMES)),
        cannot_tell("disks not told", untold(DISKS), VOLUMES.known(())),
    ),
)
