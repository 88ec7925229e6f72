"""Where a server's data lies: its system disk, its free space, and what others serve."""

from __future__ import annotations

import re
from collections.abc import Callable

from inventory.model.facts import FILESYSTEMS
from inventory.model.parts import Disk, Filesystem
from migrate.judging.units import MIB, mib
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed

NETWORK_TYPES = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ceph",
        "glusterfs",
        "fuse.glusterfs",
        "lustre",
        "gfs2",
    }
    | {"fuse.sshfs", "afs", "9p", "ocfs2", "gpfs"}
)


def system_disk(disks: tuple[Disk, ...], filesystems: tuple[Filesystem, ...]) -> Disk | None:
    """Return the disk that holds ``/``, or None when that cannot be told.

    A single disk is it. Of several, it is the one whose partition is mounted; volumes of a volume
    manager or RAID do not say on which disk they lie.
    """
    if len(disks) == 1:
        return disks[0]
    device = next((each.device for each in filesystems if each.mount_point == "/"), "")
    return next((disk for disk in disks if _holds(disk, device)), None)


def judge_network_filesystems(filesystems: tuple[Filesystem, ...]) -> Judgement:
    """Flag filesystems that others serve, each as ``/srv from files-1:/srv (nfs4)``."""
    found = [
        f"{each.mount_point} from {each.device} ({each.type})"
        for each in sorted(filesystems)
        if each.type in NETWORK_TYPES
    ]
    return Flagged(observed=", ".join(found)) if found else Passed()


def free_space_at_least(path: str, least_mib: int) -> Callable[[tuple[Filesystem, ...]], Judgement]:
    """Flag less free space than so many MiB where ``path`` lies."""

    def judge(filesystems: tuple[Filesystem, ...]) -> Judgement:
        free = {each.mount_point: each.free_bytes for each in filesystems}
        at = path if path in free else "/"
        if at not in free:
            return CannotTell(missing=(FILESYSTEMS,), because="what / lies on was not told")
        left = free[at]
        if left is None:
            return CannotTell(missing=(FILESYSTEMS,), because=f"how full {at} is was not told")
        if left < least_mib * MIB:
            return Flagged(observed=f"{mib(left)} free on {at}")
        return Passed()

    return judge


def _holds(disk: Disk, device: str) -> bool:
    return re.fullmatch(rf"/dev/{re.escape(disk.name)}(p?\d+)?", device) is not None
