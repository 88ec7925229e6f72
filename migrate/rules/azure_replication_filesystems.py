"""Data lies on filesystems that Azure's agent replicates."""

from __future__ import annotations

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.parts import Filesystem
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AZURE_SITE_RECOVERY
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LOCAL_UNSUPPORTED = frozenset(
    {"bcachefs", "ext2", "f2fs", "gfs", "gfs2", "hfs", "jfs", "minix", "nilfs2", "ocfs2"}
    | {"reiser4", "reiserfs", "ufs", "vxfs", "zfs"}
)

_LINUX = OS_FAMILY.known("linux")


def _judge(filesystems: tuple[Filesystem, ...]) -> Judgement:
    found = [
        f"{each.mount_point} ({each.type})"
        for each in sorted(filesystems)
        if each.type in LOCAL_UNSUPPORTED
    ]
    return Flagged(observed=", ".join(found)) if found else Passed()


RULE = Rule(
    title="A filesystem that Azure's agent does not replicate",
    why=(
        "The agent of Azure Migrate and Site Recovery replicates ext3, ext4, XFS, and Btrfs on a "
        "single disk; the matrix names no other for Linux."
    ),
    fix="Copy the data onto one of these, or move it by other means than replication.",
    source=AZURE_SITE_RECOVERY.citation,
    source_date=AZURE_SITE_RECOVERY.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=on_family("linux", about(FILESYSTEMS, _judge)),
    examples=(
        flags("ZFS", _LINUX, FILESYSTEMS.known((mounted("/srv", "tank/srv", kind="zfs"),))),
        passes("XFS", _LINUX, FILESYSTEMS.known((mounted("/", "/dev/sda1", kind="xfs"),))),
        passes("in memory", _LINUX, FILESYSTEMS.known((mounted("/run", "tmpfs", kind="tmpfs"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
