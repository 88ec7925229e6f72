"""Root filesystem has room for the replication agent."""

from __future__ import annotations

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AZURE_SITE_RECOVERY
from migrate.judging.storage import free_space_at_least
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST_MIB = 2_048

_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="Too little free space on / for Azure's agent",
    why="The agent of Azure Migrate and Site Recovery needs 2 GB free on the root filesystem.",
    fix="Free or add space before the agent is installed.",
    source=AZURE_SITE_RECOVERY.citation,
    source_date=AZURE_SITE_RECOVERY.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=on_family("linux", free_space_at_least("/", LEAST_MIB)),
    examples=(
        flags(
            "one MiB too little",
            _LINUX,
            FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=2_047),)),
        ),
        passes(
            "just enough", _LINUX, FILESYSTEMS.known((mounted("/", "/dev/sda1", free_mib=2_048),))
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
