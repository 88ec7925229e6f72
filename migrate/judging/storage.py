"""How much room a server has where, and which of its data others serve."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model.fact import Facts, Known
from inventory.model.facts import FILESYSTEMS
from inventory.model.parts import Filesystem
from inventory.model.placement import GUEST_VOLUMES
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


def judge_network_filesystems(filesystems: tuple[Filesystem, ...]) -> Judgement:
    """Flag filesystems that others serve, each as ``/srv from files-1:/srv (nfs4)``."""
    found = [
        f"{each.mount_point} from {each.device} ({each.type})"
        for each in sorted(each for each in filesystems if each.type in NETWORK_TYPES)
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
