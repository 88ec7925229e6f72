"""Temporary directory has room for the installer of the replication agent."""

from __future__ import annotations

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_MIGRATION_FACTORY
from migrate.judging.storage import free_space_at_least
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_MIB = 512
WHERE = "/tmp"  # noqa: S108 - a place to look at, nothing is written there

_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="Too little free space on /tmp",
    why="The installer of the replication agent needs 0.5 GB free on /tmp.",
    fix="Free or add space before the agent is installed.",
    source=AWS_MIGRATION_FACTORY.citation,
    source_date=AWS_MIGRATION_FACTORY.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(FILESYSTEMS, free_space_at_least(WHERE, LEAST_MIB))),
    examples=(
        flags(
            "a small /tmp of its own",
            _LINUX,
            FILESYSTEMS.known(
                (mounted("/", "/dev/sda1"), mounted(WHERE, "tmpfs", kind="tmpfs", free_mib=511))
            ),
        ),
        passes(
            "just enough on /, where /tmp lies",
            _LINUX,
            FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=512),)),
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("/ not among the filesystems", _LINUX, FILESYSTEMS.known(())),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
