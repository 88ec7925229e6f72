"""Which pools of ZFS and filesystems of Btrfs the server has, and on which devices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import value
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.storage import POOLS, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_KSTAT: Final = "/proc/spl/kstat/zfs/"
_BTRFS: Final = "/sys/fs/btrfs/"
_LABEL: Final = re.compile(rf"{_BTRFS}(?P<uuid>[0-9a-f-]{{36}})/label")
_DEVICE: Final = re.compile(rf"{_BTRFS}(?P<uuid>[0-9a-f-]{{36}})/devices/(?P<name>[^/]+)/size")
_FILESYSTEMS: Final = "/proc/filesystems"
"""There on every Linux."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    found = sorted(
        [*_zfs(answer.files), *_btrfs(answer.files)],
        key=lambda pool: (pool.kind, pool.name, pool.uuid or ""),
    )
    if found or _FILESYSTEMS in answer.files:
        return (POOLS.known(tuple(found)),)
    return (POOLS.unknown(Reason.NOT_TOLD, f"there is no {_FILESYSTEMS}"),)


def _zfs(files: Mapping[str, str]) -> Iterator[Pool]:
    for path in files:
        if path.startswith(_KSTAT) and path.endswith("/state"):
            name = path[len(_KSTAT) :].removesuffix("/state")
            yield Pool(name=name, kind="zfs", state=value(files, path) or None)


def _btrfs(files: Mapping[str, str]) -> Iterator[Pool]:
    devices: dict[str, list[str]] = {}
    for match in map(_DEVICE.fullmatch, files):
        if match:
            devices.setdefault(match["uuid"], []).append(match["name"])
    for path in files:
        label = _LABEL.fullmatch(path)
        if label:
            uuid = label["uuid"]
            yield Pool(
                name=value(files, path) or uuid,
                kind="btrfs",
                uuid=uuid,
                on=tuple(sorted(devices.get(uuid, ()))),
            )


COLLECTOR = Collector(
    files=(f"{_KSTAT}*/state", f"{_BTRFS}*-*/label", f"{_BTRFS}*-*/devices/*/size", _FILESYSTEMS),
    tells=(POOLS,),
    read=_read,
    examples=(
        Example(
            system="sles 15 with btrfs, and proxmox 8 with zfs (format as documented)",
            files={
                f"{_KSTAT}rpool/state": "ONLINE\n",
                f"{_KSTAT}tank/state": "DEGRADED\n",
                f"{_BTRFS}0b1c2d3e-1111-2222-3333-444455556666/label": "ROOT\n",
                f"{_BTRFS}0b1c2d3e-1111-2222-3333-444455556666/devices/sda2/size": "4000\n",
                f"{_BTRFS}0b1c2d3e-1111-2222-3333-444455556666/devices/sdb2/size": "4000\n",
            },
            expected=(
                POOLS.known(
                    (
                        Pool(
                            name="ROOT",
                            kind="btrfs",
                            uuid="0b1c2d3e-1111-2222-3333-444455556666",
                            on=("sda2", "sdb2"),
                        ),
                        Pool(name="rpool", kind="zfs", state="ONLINE"),
                        Pool(name="tank", kind="zfs", state="DEGRADED"),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12",
            files={_FILESYSTEMS: "nodev\tsysfs\n\text4\n"},
            expected=(POOLS.known(()),),
        ),
        Example(
            system="freebsd 13, which has no such files",
            expected=(POOLS.unknown(Reason.NOT_TOLD, "there is no /proc/filesystems"),),
        ),
    ),
)
