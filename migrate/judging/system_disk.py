"""Which disk of a server holds its system."""

from __future__ import annotations

import re

from inventory.model.fact import Facts, Known
from inventory.model.facts import DISKS
from inventory.model.parts import Disk, Filesystem
from inventory.model.storage import PARTITIONS, VOLUMES, Partition, Volume
from migrate.judging.reading import lacking
from migrate.model.rule import CannotTell


def system_disk(disks: tuple[Disk, ...], filesystems: tuple[Filesystem, ...]) -> Disk | None:
    """Return the disk that holds ``/``, or None when that cannot be told.

    A single disk is it. Of several, it is the one whose partition is mounted; volumes of a volume
    manager or RAID do not say on which disk they lie.
    """
    if len(disks) == 1:
        return disks[0]
    device = next((each.device for each in filesystems if each.mount_point == "/"), "")
    return next((disk for disk in disks if _holds(disk, device)), None)


def find_system_disk(
    facts: Facts, disks: tuple[Disk, ...], filesystems: tuple[Filesystem, ...]
) -> Disk | CannotTell:
    """Return the disk that holds ``/``, through a volume manager where need be.

    It cannot be told while the volumes are not known, nor of a volume that spans disks.
    """
    found = system_disk(disks, filesystems)
    if found:
        return found
    partitions, volumes = facts.of(PARTITIONS), facts.of(VOLUMES)
    below: frozenset[str] | None = None
    if isinstance(partitions, Known) and isinstance(volumes, Known):
        device = next((each.device for each in filesystems if each.mount_point == "/"), "")
        below = disks_below(device, partitions.value, volumes.value)
    holding = [disk for disk in disks if disk.name in (below or ())]
    if below and len(below) == len(holding) == 1:
        return holding[0]
    because = "which disk holds the system was not told"
    missing = lacking(facts, PARTITIONS, VOLUMES).missing or (DISKS,)
    return CannotTell(missing=missing, because=because)


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


def _holds(disk: Disk, device: str) -> bool:
    return re.fullmatch(rf"/dev/{re.escape(disk.name)}(p?\d+)?", device) is not None
