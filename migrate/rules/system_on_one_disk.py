"""System lies on a single disk."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import DISKS, FILESYSTEMS
from inventory.model.storage import PARTITIONS, VOLUMES, Partition, Volume, VolumeKind
from migrate.judging.examples import cannot_tell, disk, flags, mounted, passes, untold
from migrate.judging.reading import lacking
from migrate.judging.sources import AWS_AGENT
from migrate.judging.system_disk import disks_below
from migrate.judging.units import GIB
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_ROOT = FILESYSTEMS.known((mounted("/", "/dev/mapper/vg-root"),))
_TWO = DISKS.known((disk("sda", 64), disk("sdb", 64)))
_PARTITIONS = PARTITIONS.known(
    (
        Partition(name="sda2", disk="sda", size_bytes=60 * GIB),
        Partition(name="sdb1", disk="sdb", size_bytes=60 * GIB),
    )
)


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    disks = facts.of(DISKS)
    if not isinstance(disks, Known):
        return CannotTell(missing=(DISKS,))
    return Passed() if len(disks.value) == 1 else _judge_several(facts)


def _judge_several(facts: Facts) -> Judgement:
    filesystems, partitions = facts.of(FILESYSTEMS), facts.of(PARTITIONS)
    volumes = facts.of(VOLUMES)
    if not (
        isinstance(filesystems, Known)
        and isinstance(partitions, Known)
        and isinstance(volumes, Known)
    ):
        return lacking(facts, FILESYSTEMS, PARTITIONS, VOLUMES)
    devices = {each.mount_point: each.device for each in filesystems.value}
    told = [devices[at] for at in ("/", "/boot", "/boot/efi") if at in devices]
    below = [disks_below(each, partitions.value, volumes.value) for each in told]
    if "/" not in devices or None in below:
        because = "on which disks the system lies was not told"
        return CannotTell(missing=(VOLUMES,), because=because)
    found = sorted(set[str]().union(*(each for each in below if each)))
    return Flagged(observed=", ".join(found)) if len(found) > 1 else Passed()


def _root_on(*devices: str) -> Observation:
    volume = Volume(
        name="vg-root",
        device="dm-0",
        kind=VolumeKind.LOGICAL_VOLUME,
        size_bytes=100 * GIB,
        on=devices,
    )
    return VOLUMES.known((volume,))


RULE = Rule(
    title="The system lies on several disks",
    why=(
        "AWS MGN does not replicate a system that spans disks, nor Azure Migrate one with boot "
        "and system on different disks; a cloud boots from one disk."
    ),
    fix="Bring / and /boot onto one disk, for example by moving the volume group's extents.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags("a volume over two disks", _TWO, _ROOT, _PARTITIONS, _root_on("sda2", "sdb1")),
        flags(
            "/boot on another disk",
            _TWO,
            FILESYSTEMS.known((mounted("/", "/dev/sdb1"), mounted("/boot", "/dev/sda2"))),
            _PARTITIONS,
            VOLUMES.known(()),
        ),
        passes("a volume on one disk", _TWO, _ROOT, _PARTITIONS, _root_on("sda2")),
        passes("a single disk", DISKS.known((disk("sda", 64),))),
        cannot_tell("what the volume lies on not told", _TWO, _ROOT, _PARTITIONS, _root_on()),
        cannot_tell("volumes not told", _TWO, _ROOT, _PARTITIONS, untold(VOLUMES)),
        cannot_tell("disks not told", untold(DISKS)),
        cannot_tell(
            "filesystems not told", _TWO, untold(FILESYSTEMS), _PARTITIONS, _root_on("sda2")
        ),
        cannot_tell("partitions not told", _TWO, _ROOT, untold(PARTITIONS), _root_on("sda2")),
        cannot_tell(
            "what / lies on not told",
            _TWO,
            FILESYSTEMS.known((mounted("/boot", "/dev/sda2"),)),
            _PARTITIONS,
            VOLUMES.known(()),
        ),
    ),
)
