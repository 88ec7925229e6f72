"""The room that a conversion by virt-v2v needs in a guest, as Forklift checks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.parts import Filesystem
from inventory.model.placement import GuestVolume
from migrate.judging.parts import listed
from migrate.judging.storage import NETWORK_TYPES
from migrate.judging.units import MIB, mib
from migrate.model.rule import CannotTell, Judgement

_LEAST_MIB: Final = {"/": 100, "/boot": 50, "c:": 100}
_LEAST_ELSEWHERE_MIB: Final = 10
_NOT_DISKS: Final = NETWORK_TYPES | {
    "devtmpfs", "efivarfs", "iso9660", "overlay", "ramfs", "squashfs", "tmpfs", "udf", "zfs",
}  # fmt: skip

Room = Mapping[str, int | None]
"""Mount point → free bytes; None where that was not told."""


def room_of_volumes(volumes: Iterable[GuestVolume]) -> Room:
    """Tell the room that the hypervisor's tools see."""
    return {each.mount_point: each.free_bytes for each in volumes}


def room_of_filesystems(filesystems: Iterable[Filesystem]) -> Room:
    """Tell the room that the guest sees on its own disks."""
    return {
        each.mount_point: each.free_bytes for each in filesystems if each.type not in _NOT_DISKS
    }


def judge_room(
    key: FactKey[tuple[GuestVolume, ...]] | FactKey[tuple[Filesystem, ...]], room: Room
) -> Judgement:
    """Flag each mount point with too little room; what was not told of any leaves it open."""
    short = list(_short(room))
    untold = [at for at, free in room.items() if free is None]
    if not short and untold:
        because = f"how full {', '.join(sorted(untold))} is was not told"
        return CannotTell(missing=(key,), because=because)
    return listed(short)


def _short(room: Room) -> Iterator[str]:
    for at, free in sorted(room.items()):
        least = _LEAST_MIB.get(at.lower().rstrip("\\/") or "/", _LEAST_ELSEWHERE_MIB)
        if free is not None and free < least * MIB:
            yield f"{at} has {mib(free)} of {least} MiB"
