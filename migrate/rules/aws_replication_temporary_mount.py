"""Temporary directory lets programs run."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.parts import Filesystem
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

WHERE = "/tmp"  # noqa: S108 - a place to look at, nothing is written there
FORBIDDEN = ("noexec", "ro")

_LINUX = OS_FAMILY.known("linux")


def _judge(filesystems: tuple[Filesystem, ...]) -> Judgement:
    at = {each.mount_point: each for each in filesystems}
    mount = at.get(WHERE) or at.get("/")
    if mount is None or not mount.options:
        return CannotTell(missing=(FILESYSTEMS,), because="how /tmp is mounted was not told")
    found = " and ".join(each for each in FORBIDDEN if each in mount.options)
    return Flagged(observed=f"{mount.mount_point} is mounted {found}") if found else Passed()


def _temporary(*options: str) -> Filesystem:
    return replace(mounted(WHERE, "tmpfs", kind="tmpfs"), options=options)


RULE = Rule(
    title="Programs cannot run on /tmp",
    why=(
        "The installer of AWS MGN's replication agent runs programs from /tmp, which must be "
        "mounted for writing and not noexec, as hardening guides have it."
    ),
    fix="Mount /tmp without noexec while the agent is installed.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(FILESYSTEMS, _judge)),
    examples=(
        flags("noexec", _LINUX, FILESYSTEMS.known((_temporary("rw", "nosuid", "noexec"),))),
        passes("for writing, with programs", _LINUX, FILESYSTEMS.known((_temporary("rw"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        flags(
            "no filesystem of its own, and the root read only",
            _LINUX,
            FILESYSTEMS.known((replace(mounted("/", "/dev/sda1"), options=("ro",)),)),
        ),
        cannot_tell("options not told", _LINUX, FILESYSTEMS.known((mounted("/", "/dev/sda1"),))),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
        cannot_tell(
            "neither mount told", _LINUX, FILESYSTEMS.known((mounted("/srv", "/dev/sdb1"),))
        ),
    ),
)
