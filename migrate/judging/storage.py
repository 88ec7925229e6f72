"""Where a server's data lies: its system disk, its free space, and what others serve."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inventory.model.fact import Facts, Known
from inventory.model.facts import FILESYSTEMS
from inventory.model.parts import Disk, Filesystem
from inventory.model.placement import GUEST_VOLUMES
from inventory.model.storage import Partition, Volume
from migrate.judging.reading import Judge
from migrate.judging.units import MIB, mib
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings

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
MAYBE_IN_MEMORY = frozenset({"/tmp"})  # noqa: S108 - a place to look at, nothing is written there
"""Where a filesystem may lie that a hypervisor's tools do not tell of, since it is on no disk."""


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


def free_space_at_least(path: str, least_mib: int) -> Judge:
    """Flag less free space than so many MiB where ``path`` lies.

    Where the server itself did not tell its filesystems, those count that its hypervisor's tools
    see in it.
    """

    def judged(facts: Facts, _around: Surroundings) -> Judgement:
        seen = facts.of(FILESYSTEMS)
        if isinstance(seen, Known):
            free = {each.mount_point: each.free_bytes for each in seen.value}
            return _judge_free(free, path, least_mib)
        told = facts.of(GUEST_VOLUMES)
        if isinstance(told, Known):
            free = {each.mount_point: each.free_bytes for each in told.value}
            if path in MAYBE_IN_MEMORY and path not in free:
                because = f"whether {path} lies on a disk was not told"
                return CannotTell(missing=(FILESYSTEMS,), because=because)
            return _judge_free(free, path, least_mib)
        return CannotTell(missing=(FILESYSTEMS,))

    return judged


def root_of(path: str) -> str:
    """Return where a path lies at least: on ``/``, or on the drive that it begins with."""
    return path[:3] if path[1:2] == ":" else "/"


def disks_below(
    device: str, partitions: tuple[Partition, ...], volumes: tuple[Volume, ...]
) -> frozenset[str] | None:
    """Return the disks that a device (``/dev/mapper/rhel-root``) lies on, by kernel name.

    None when the way down is not told to the end.
    """
    name = device.removeprefix("/dev/mapper/").removeprefix("/dev/")
    by_name = {**{each.name: each for each in volumes}, **{each.device: each for each in volumes}}
    disk_of = {each.name: each.disk for each in partitions}
    found: set[str] = set()
    waiting, seen = [name], set[str]()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        volume = by_name.get(each)
        if volume is None:
            found.add(disk_of.get(each, each))
        elif not volume.on:
            return None
        else:
            waiting.extend(volume.on)
    return frozenset(found)


def _judge_free(free: Mapping[str, int | None], path: str, least_mib: int) -> Judgement:
    root = root_of(path)
    at = path if path in free else root
    if at not in free:
        return CannotTell(missing=(FILESYSTEMS,), because=f"what {root} lies on was not told")
    left = free[at]
    if left is None:
        return CannotTell(missing=(FILESYSTEMS,), because=f"how full {at} is was not told")
    if left < least_mib * MIB:
        return Flagged(observed=f"{mib(left)} free on {at}")
    return Passed()


def _holds(disk: Disk, device: str) -> bool:
    return re.fullmatch(rf"/dev/{re.escape(disk.name)}(p?\d+)?", device) is not None
