"""What lies on disks: partitions, LVM, RAID, encryption, multipath."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number
from inventory.model.storage import Partition, Volume, VolumeGroup, VolumeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.collectors._block import Block, Blocks

_MAPPED: Final = (
    ("LVM-", VolumeKind.LOGICAL_VOLUME),
    ("CRYPT-", VolumeKind.ENCRYPTED),
    ("mpath-", VolumeKind.MULTIPATH),
    ("DMRAID-", VolumeKind.RAID),
)
"""How the device mapper's identifiers begin, by who made the device."""
_NAMED: Final = (
    (re.compile(r"md\d|md_"), VolumeKind.RAID),
    (re.compile(r"bcache\d"), VolumeKind.CACHED),
    (re.compile(r"drbd\d"), VolumeKind.REPLICATED),
    (re.compile(r"dm-\d"), VolumeKind.MAPPED),
)
_PART_OF_MAPPED: Final = re.compile(r"part\d+-(?P<whole>.+)")
_INNER: Final = re.compile(
    r".+_(rimage|rmeta|mimage|mlog|tdata|tmeta|cdata|cmeta|corig|cpool|vdata|vorigin|pmspare)(_?\d+)?"
)
"""Logical volumes that only make up others: lvmraid(7), lvmthin(7), lvmcache(7)."""
_LVM_NAME: Final = len("LVM-") + 2 * 32
"""LVM's identifier of the group and that of the volume; what follows marks an inner volume."""


def partitions(blocks: Blocks) -> Iterator[Partition]:
    """Return the partitions of all disks, those of multipath devices too."""
    mapped = {each.mapped_as: each for each in blocks.by_name.values() if each.mapped_as}
    for block in blocks.by_name.values():
        match = _PART_OF_MAPPED.fullmatch(block.mapped_as)
        whole = mapped.get(match["whole"]) if match else None
        disk = (whole.get("dm/name") or whole.name) if whole else block.disk
        if disk and block.size_bytes:
            kind = block.notes.get("ID_PART_ENTRY_TYPE")
            yield Partition(
                name=(block.get("dm/name") or block.name).replace("!", "/"),
                disk=disk.replace("!", "/"),
                size_bytes=block.size_bytes,
                type=kind.lower() if kind else None,
                label=block.notes.get("ID_PART_ENTRY_NAME"),
                filesystem=block.notes.get("ID_FS_TYPE"),
                filesystem_uuid=block.notes.get("ID_FS_UUID"),
                filesystem_label=block.notes.get("ID_FS_LABEL"),
            )


def volumes(blocks: Blocks) -> Iterator[Volume]:
    """Return what lies on other devices, without the inner parts of LVM's volumes."""
    for block in blocks.by_name.values():
        kind = _kind(block)
        if kind is None or not block.size_bytes or _is_inner(block):
            continue
        members = number(block.get("md/raid_disks"))
        missing = number(block.get("md/degraded"))
        yield Volume(
            name=block.get("dm/name") or block.name,
            device=block.name,
            kind=kind,
            size_bytes=block.size_bytes,
            on=block.below,
            group=_group(block),
            level=block.get("md/level"),
            members=members,
            working=None if members is None or missing is None else max(0, members - missing),
            state=_state(block),
            filesystem=block.notes.get("ID_FS_TYPE"),
            filesystem_uuid=block.notes.get("ID_FS_UUID"),
            filesystem_label=block.notes.get("ID_FS_LABEL"),
        )


def volume_groups(blocks: Blocks) -> Iterator[VolumeGroup]:
    """Return the groups of the logical volumes, with the devices that they lie on."""
    found: dict[str, set[str]] = {}
    for block in blocks.by_name.values():
        group = _group(block)
        if group:
            found.setdefault(group, set()).update(_physical(block, blocks))
        noted = block.notes.get("LVM_VG_NAME_COMPLETE")
        if noted:
            found.setdefault(noted, set()).add(block.name)
    for name, devices in found.items():
        sizes = [blocks.by_name[each].size_bytes for each in devices if each in blocks.by_name]
        told = [size for size in sizes if size is not None]
        whole = bool(told) and len(told) == len(devices)
        yield VolumeGroup(
            name=name,
            physical_volumes=tuple(sorted(devices)),
            size_bytes=sum(told) if whole else None,
        )


def _kind(block: Block) -> VolumeKind | None:
    if block.disk is not None or _PART_OF_MAPPED.fullmatch(block.mapped_as):
        return None
    for start, kind in _MAPPED:
        if block.mapped_as.startswith(start):
            return kind
    return next((kind for pattern, kind in _NAMED if pattern.match(block.name)), None)


def _is_inner(block: Block) -> bool:
    return block.mapped_as.startswith("LVM-") and (
        len(block.mapped_as) > _LVM_NAME or bool(_INNER.fullmatch(block.get("dm/name") or ""))
    )


def _group(block: Block) -> str | None:
    """Return the group out of ``GROUP-VOLUME``, in which a dash of either's name is doubled."""
    if not block.mapped_as.startswith("LVM-"):
        return None
    group, dash, _ = (block.get("dm/name") or "").replace("--", "\0").partition("-")
    return group.replace("\0", "-") if dash else None


def _physical(block: Block, blocks: Blocks) -> set[str]:
    """Return the devices below a logical volume that are no volumes of LVM themselves."""
    found, waiting, seen = set(), [block], {block.name}
    while waiting:
        for name in waiting.pop().below:
            lower = blocks.by_name.get(name)
            if lower is not None and lower.mapped_as.startswith("LVM-"):
                if name not in seen:
                    seen.add(name)
                    waiting.append(lower)
            else:
                found.add(name)
    return found


def _state(block: Block) -> str | None:
    doing = block.get("md/sync_action")
    return doing if doing and doing != "idle" else block.get("md/array_state")
