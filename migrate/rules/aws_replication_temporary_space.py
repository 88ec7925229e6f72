"""Temporary directory has room for the installer of the replication agent."""

from __future__ import annotations

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.placement import GUEST_VOLUMES, GuestVolume
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AWS_AGENT
from migrate.judging.storage import free_space_at_least
from migrate.judging.units import GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_MIB = 1_024
WHERE = "/tmp"  # noqa: S108 - a place to look at, nothing is written there

_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="Too little free space on /tmp",
    why=(
        "The installer of the replication agent of AWS MGN needs 1 GB free on /tmp; the page "
        "asked for 500 MB before."
    ),
    fix="Free or add space before the agent is installed.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", free_space_at_least(WHERE, LEAST_MIB)),
    examples=(
        flags(
            "a small /tmp of its own",
            _LINUX,
            FILESYSTEMS.known(
                (mounted("/", "/dev/sda1"), mounted(WHERE, "tmpfs", kind="tmpfs", free_mib=1_023))
            ),
        ),
        passes(
            "just enough on /, where /tmp lies",
            _LINUX,
            FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=1_024),)),
        ),
        cannot_tell(
            "only the hypervisor's tools tell, and not of /tmp",
            _LINUX,
            GUEST_VOLUMES.known((GuestVolume(mount_point="/", free_bytes=8 * GIB),)),
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("/ not among the filesystems", _LINUX, FILESYSTEMS.known(())),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
