"""Filesystems are ones that VM Import/Export takes."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import FILESYSTEMS, OS_FAMILY
from inventory.model.parts import Filesystem
from migrate.judging.examples import cannot_tell, flags, mounted, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

TAKEN = frozenset({"btrfs", "ext2", "ext3", "ext4", "jfs", "xfs", "ntfs", "vfat"})
"""With vfat, on which the system partition of UEFI lies."""
IMAGES = frozenset({"erofs", "iso9660", "squashfs", "udf"})
"""What is mounted of files and discs, such as snaps, and moves with them."""

_LINUX = OS_FAMILY.known("linux")


def _judge(filesystems: tuple[Filesystem, ...]) -> Judgement:
    found = [
        f"{each.mount_point} ({each.type})"
        for each in sorted(filesystems)
        if (each.device.startswith("/dev/") or each.type == "zfs")
        and each.type not in TAKEN | IMAGES
    ]
    return Flagged(observed=", ".join(found)) if found else Passed()


RULE = Rule(
    title="A filesystem that VM Import/Export does not take",
    why=(
        "VM Import/Export, one way to AWS among several, takes ext2, ext3, ext4, JFS, XFS, and "
        "Btrfs without subvolumes."
    ),
    fix="Replicate by AWS MGN instead, or copy the data by other means.",
    source=(
        "VM Import/Export User Guide (a copy of about 2024), volume types and file systems, "
        "docs.aws.amazon.com/vm-import/latest/userguide/prerequisites.html"
    ),
    source_date=date(2024, 1, 1),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=on_family("linux", about(FILESYSTEMS, _judge)),
    examples=(
        flags("ZFS", _LINUX, FILESYSTEMS.known((mounted("/srv", "tank/srv", kind="zfs"),))),
        flags("F2FS", _LINUX, FILESYSTEMS.known((mounted("/srv", "/dev/sdb1", kind="f2fs"),))),
        passes("XFS", _LINUX, FILESYSTEMS.known((mounted("/", "/dev/sda1", kind="xfs"),))),
        passes("in memory", _LINUX, FILESYSTEMS.known((mounted("/run", "tmpfs", kind="tmpfs"),))),
        passes(
            "a snap",
            _LINUX,
            FILESYSTEMS.known((mounted("/snap/x", "/dev/loop0", kind="squashfs"),)),
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("filesystems not told", _LINUX, untold(FILESYSTEMS)),
    ),
)
