"""Windows has no data on drive D, which Azure takes for its temporary disk."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.placement import GUEST_VOLUMES, GuestVolume
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AZURE_PREPARATION
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

DRIVE = "D:\\"

_WINDOWS = OS_FAMILY.known("windows")


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    filesystems, told = facts.of(FILESYSTEMS), facts.of(GUEST_VOLUMES)
    if isinstance(filesystems, Known):
        points = {each.mount_point for each in filesystems.value}
    elif isinstance(told, Known):
        points = {each.mount_point for each in told.value}
    else:
        return CannotTell(missing=(FILESYSTEMS,))
    return Flagged(observed="drive D") if DRIVE in points else Passed()


def _drives(*names: str) -> Observation:
    return GUEST_VOLUMES.known(tuple(GuestVolume(mount_point=f"{name}:\\") for name in names))


RULE = Rule(
    title="Drive D is in use on Windows",
    why=(
        "Azure gives D to the temporary disk of a VM that has one, unless Windows' SAN policy is "
        "OnlineAll; what looks for its data on D then does not find them."
    ),
    fix="Set the SAN policy to OnlineAll before the move, and look at the drives in the test.",
    source=AZURE_PREPARATION.citation,
    source_date=AZURE_PREPARATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=on_family("windows", _judge),
    examples=(
        flags("C and D", _WINDOWS, untold(FILESYSTEMS), _drives("C", "D")),
        passes("C and E", _WINDOWS, untold(FILESYSTEMS), _drives("C", "E")),
        spares("Linux", OS_FAMILY.known("linux")),
        flags(
            "D among the filesystems",
            _WINDOWS,
            FILESYSTEMS.known((mounted("D:\\", "D:", kind="NTFS"),)),
        ),
        cannot_tell("drives not told", _WINDOWS, untold(FILESYSTEMS), untold(GUEST_VOLUMES)),
    ),
)
