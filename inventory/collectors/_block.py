"""The block devices of a Linux server, as sysfs shows them and as udev noted them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import value
from inventory.collectors._text import number

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOT: Final = "/sys/block/"
_SECTOR: Final = 512
"""The kernel counts a device's size in these, whatever its own sectors are."""
_ANY: Final = f"{_ROOT}[!lz]*"
"""All but loop devices and compressed memory, of which a server may have very many."""
_ATTRIBUTES: Final = (
    *("size", "dev", "removable", "serial", "wwid"),
    *("queue/rotational", "queue/logical_block_size", "queue/physical_block_size"),
    *("device/model", "device/vendor", "device/rev", "device/serial", "device/wwid"),
)
_OF_KINDS: Final = (
    *(f"{_ROOT}dm-*/dm/{name}" for name in ("name", "uuid")),
    *(
        f"{_ROOT}md*/md/{name}"
        for name in ("level", "raid_disks", "degraded", "array_state", "sync_action")
    ),
    f"{_ROOT}nvme*/device/firmware_rev",
    *(f"{_ROOT}sd*/device/{name}" for name in ("vpd_pg80", "scsi_disk/*/cache_type")),
)
"""What only devices of one kind have, so that it is not looked for in others' folders."""
_NOTES: Final = ("/run/udev/data/b[!7]*", "/run/udev/data/b7[!:]*", "/dev/.udev/db/block:*")
"""By device number, but for loop devices (b7:…); by name on systems of before 2012."""
_NOTED: Final = re.compile(r"/run/udev/data/b(?P<number>\d+:\d+)|.*/block:(?P<name>.+)")
_HOST: Final = "/sys/class/scsi_host/"
_NVME: Final = "/sys/class/nvme/"
FILES: Final = (
    *(f"{_ANY}/{name}" for name in _ATTRIBUTES),
    *_OF_KINDS,
    # A partition's name ends with its number, as no other folder's does.
    *(f"{_ANY}/slaves/*/size", f"{_ANY}/*[0-9]/size", f"{_ANY}/*[0-9]/dev"),
    *(f"{_HOST}host*/proc_name", f"{_NVME}nvme*/transport", *_NOTES),
)
"""What is read of them."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block device: a disk, a partition, or what lies on others."""

    name: str
    """Kernel name."""
    disk: str | None = None
    """The disk that it is a partition of."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """By path below the device's own folder."""
    below: tuple[str, ...] = ()
    """What it lies on."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What udev noted: ``ID_FS_TYPE`` …"""

    @property
    def size_bytes(self) -> int | None:
        """Return its size; None when the kernel does not tell it."""
        sectors = number(self.attributes.get("size"))
        return None if sectors is None else sectors * _SECTOR

    @property
    def mapped_as(self) -> str:
        """Return the device mapper's identifier, which begins with who made it."""
        return self.attributes.get("dm/uuid", "")

    @property
    def is_multipath(self) -> bool:
        """Whether it stands for one disk that is reached over several paths."""
        return self.mapped_as.startswith("mpath-")

    def get(self, *names: str) -> str | None:
        """Return the first of these attributes that says something."""
        return next((said for name in names if (said := self.attributes.get(name))), None)


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """All block devices."""

    by_name: Mapping[str, Block]
    above: Mapping[str, frozenset[str]]
    """What lies directly on a device."""
    hosts: Mapping[str, str]
    """Drivers of SCSI hosts, by number."""
    fabrics: Mapping[str, str]
    """How NVMe controllers are attached, by name: ``pcie``, ``tcp`` …"""

    partitions: Mapping[str, tuple[Block, ...]]
    """By the disk that they are partitions of."""


def read_blocks(files: Mapping[str, str]) -> Blocks:
    """Read what ``FILES`` hold; quick, whatever the number of devices."""
    attributes: dict[str, dict[str, str]] = {}
    disks: dict[str, str] = {}
    below: dict[str, list[str]] = {}
    notes: dict[str, dict[str, str]] = {}
    for path, content in files.items():
        if path.startswith(_ROOT):
            name, _, rest = path[len(_ROOT) :].partition("/")
            first, _, last = rest.partition("/")
            said = content[4:] if last == "vpd_pg80" else value(files, path) or ""
            if first == "slaves":
                below.setdefault(name, []).append(last.partition("/")[0])
            elif last in {"size", "dev"}:
                disks[first] = name
                attributes.setdefault(first, {})[last] = said
            else:
                attributes.setdefault(name, {})[rest] = said.strip(" \0")
        else:
            match = _NOTED.fullmatch(path)
            if match:
                notes[match["number"] or match["name"]] = _notes(content)
    found = {
        name: Block(
            name=name,
            disk=disks.get(name),
            attributes=each,
            below=tuple(sorted(below.get(name, ()))),
            notes=notes.get(each.get("dev", "")) or notes.get(name) or {},
        )
        for name, each in attributes.items()
        if "size" in each
    }
    return Blocks(
        by_name=found,
        above=_above(found),
        hosts=_named(files, _HOST, "host"),
        fabrics=_named(files, _NVME, ""),
        partitions=_partitions(found),
    )


def _notes(content: str) -> dict[str, str]:
    found = {}
    for line in content.splitlines():
        if line.startswith("E:"):
            name, _, said = line[2:].partition("=")
            found[name] = said
    return found


def _above(blocks: Mapping[str, Block]) -> dict[str, frozenset[str]]:
    above: dict[str, set[str]] = {}
    for name, each in blocks.items():
        for lower in each.below:
            above.setdefault(lower, set()).add(name)
    return {lower: frozenset(uppers) for lower, uppers in above.items()}


def _partitions(blocks: Mapping[str, Block]) -> dict[str, tuple[Block, ...]]:
    found: dict[str, tuple[Block, ...]] = {}
    for each in blocks.values():
        if each.disk is not None:
            found[each.disk] = (*found.get(each.disk, ()), each)
    return found


def _named(files: Mapping[str, str], folder: str, start: str) -> dict[str, str]:
    return {
        path[len(folder) :].partition("/")[0].removeprefix(start): value(files, path) or ""
        for path in files
        if path.startswith(folder)
    }
