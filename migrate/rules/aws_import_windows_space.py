"""System drive of Windows has the room that VM Import/Export needs."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.placement import GUEST_VOLUMES, GuestVolume
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AWS_IMPORT
from migrate.judging.storage import free_space_at_least
from migrate.judging.units import MIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_MIB = 6 * 1_024

_WINDOWS = OS_FAMILY.known("windows")


def _told(free_bytes: int | None) -> Observation:
    return GUEST_VOLUMES.known((GuestVolume(mount_point="C:\\", free_bytes=free_bytes),))


RULE = Rule(
    title="Too little free space on C for VM Import/Export",
    why=(
        "VM Import/Export, one way to AWS among several, asks for 6 GiB free on the system drive "
        "of Windows, and for a paging file of fixed size."
    ),
    fix="Free or add space, and fix the size of the paging file, before the export.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("windows", free_space_at_least("C:\\", LEAST_MIB)),
    examples=(
        flags("one byte too little", _WINDOWS, untold(FILESYSTEMS), _told(6 * 1_024 * MIB - 1)),
        passes("just enough", _WINDOWS, untold(FILESYSTEMS), _told(6 * 1_024 * MIB)),
        spares("Linux", OS_FAMILY.known("linux")),
        cannot_tell("how full it is not told", _WINDOWS, untold(FILESYSTEMS), _told(None)),
        cannot_tell("drives not told", _WINDOWS, untold(FILESYSTEMS)),
    ),
)
