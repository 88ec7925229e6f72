"""Boot filesystem has room for the replication agent."""

from __future__ import annotations

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AWS_AGENT
from migrate.judging.storage import free_space_at_least
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_MIB = 50

_LINUX = OS_FAMILY.known("linux")
_ROOT = mounted("/", "/dev/sda2")

RULE = Rule(
    title="Too little free space on /boot",
    why=(
        "Where /boot is a filesystem of its own, the installer of AWS MGN's replication agent "
        "needs 50 MB free on it."
    ),
    fix="Remove kernels that are no longer used before the agent is installed.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", free_space_at_least("/boot", LEAST_MIB)),
    examples=(
        flags(
            "one MiB too little",
            _LINUX,
            FILESYSTEMS.known((_ROOT, mounted("/boot", "/dev/sda1", free_mib=49))),
        ),
        passes(
            "just enough",
            _LINUX,
            FILESYSTEMS.known((_ROOT, mounted("/boot", "/dev/sda1", free_mib=50))),
        ),
        passes("no filesystem of its own", _LINUX, FILESYSTEMS.known((_ROOT,))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
