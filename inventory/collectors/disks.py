"""Which whole disks the server has, and whether they are encrypted.

Read from sysfs and from what udev noted, so that no privilege is needed. A disk that is reached
over several paths counts once, as its multipath device.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file, first_lines, number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import DISKS
from inventory.model.parts import Disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_SCRIPT = """
cd /sys/block || exit 0
echo '@@ attributes'
grep -Has '' /sys/block/*/size /sys/block/*/dev /sys/block/*/queue/rotational \\
  /sys/block/*/serial /sys/block/*/dm/name /sys/block/*/dm/uuid \\
  /sys/block/*/device/model /sys/block/*/device/serial /sys/block/*/*/dev
echo '@@ layers'
for layer in */slaves/*; do if [ -e "$layer" ]; then printf '%s\\n' "$layer"; fi; done
echo '@@ udev'
grep -HasE '^E:ID_(SERIAL_SHORT|FS_TYPE)=' /run/udev/data/b*
:
"""

_SECTOR: Final = 512
"""The kernel counts a disk's size in these, whatever its own sectors are."""
_NO_DISK: Final = re.compile(
    r"(loop|ram|zram|sr|fd|md|dm-|nbd|zd|bcache|drbd|mtdblock)\d|mmcblk\d+(boot|rpmb)|nvme\d+c\d+n"
)


@dataclass(frozen=True, kw_only=True)
class _Sysfs:
    """What the answer says, by path under /sys/block and by device number."""

    attributes: Mapping[str, str]
    above: Mapping[str, frozenset[str]]
    """Which device-mapper devices lie directly on a disk or partition."""
    udev: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def get(self, path: str) -> str | None:
        return self.attributes.get(f"/sys/block/{path}") or None

    def names(self) -> list[str]:
        return sorted(
            path.split("/")[3]
            for path in self.attributes
            if re.fullmatch(r"/sys/block/[^/]+/size", path)
        )

    def pieces(self, disk: str) -> list[str]:
        """Return the disk itself and its partitions."""
        pattern = re.compile(rf"/sys/block/{re.escape(disk)}/([^/]+)/dev")
        found = (pattern.fullmatch(path) for path in self.attributes)
        return [disk, *(match[1] for match in found if match)]

    def note(self, disk: str, piece: str, name: str) -> str | None:
        """Return what udev noted of a disk or of one of its partitions."""
        device = self.get(f"{disk}/dev" if piece == disk else f"{disk}/{piece}/dev")
        return self.udev.get(device or "", {}).get(name)


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    sysfs = _Sysfs(
        attributes=first_lines(said.get("attributes", "")),
        above=_layers(said.get("layers", "")),
        udev=_udev(said.get("udev", "")),
    )
    if not sysfs.names():
        return (DISKS.unknown(Reason.NOT_TOLD, "there is no /sys/block"),)
    return (DISKS.known(tuple(sorted(_disks(sysfs), key=lambda disk: disk.name))),)


def _layers(said: str) -> dict[str, frozenset[str]]:
    above: dict[str, set[str]] = {}
    for line in said.splitlines():
        upper, _, lower = line.partition("/slaves/")
        above.setdefault(lower, set()).add(upper)
    return {lower: frozenset(uppers) for lower, uppers in above.items()}


def _udev(said: str) -> dict[str, dict[str, str]]:
    notes: dict[str, dict[str, str]] = {}
    # The path itself holds a colon: /run/udev/data/b8:1:E:ID_FS_TYPE=ext4
    for path, lines in by_file(said).items():
        major = path.removeprefix("/run/udev/data/b")
        for line in lines:
            minor, _, rest = line.partition(":E:")
            name, _, value = rest.partition("=")
            notes.setdefault(f"{major}:{minor}", {})[name] = value
    return notes


def _disks(sysfs: _Sysfs) -> Iterator[Disk]:
    for name in sysfs.names():
        sectors = number(sysfs.get(f"{name}/size"))
        if not sectors or not _is_whole(name, sysfs):
            continue
        rotational = sysfs.get(f"{name}/queue/rotational")
        yield Disk(
            name=sysfs.get(f"{name}/dm/name") or name,
            size_bytes=sectors * _SECTOR,
            model=sysfs.get(f"{name}/device/model"),
            serial=_serial(name, sysfs),
            rotational=None if rotational is None else rotational == "1",
            encrypted=_encrypted(name, sysfs),
        )


def _is_whole(name: str, sysfs: _Sysfs) -> bool:
    if _is_multipath(name, sysfs):
        return True
    return not _NO_DISK.match(name) and not any(
        _is_multipath(upper, sysfs) for upper in sysfs.above.get(name, ())
    )


def _is_multipath(name: str, sysfs: _Sysfs) -> bool:
    return (sysfs.get(f"{name}/dm/uuid") or "").startswith("mpath-")


def _serial(name: str, sysfs: _Sysfs) -> str | None:
    return (
        sysfs.get(f"{name}/serial")
        or sysfs.get(f"{name}/device/serial")
        or sysfs.note(name, name, "ID_SERIAL_SHORT")
    )


def _encrypted(disk: str, sysfs: _Sysfs) -> bool | None:
    """Tell whether LUKS lies on a disk: opened, as sysfs shows it, or closed, as udev noted it.

    That there is none is only known where udev looked at what is on the disk.
    """
    pieces = sysfs.pieces(disk)
    if any(_is_under_crypt(piece, sysfs, frozenset()) for piece in pieces):
        return True
    kinds = [sysfs.note(disk, piece, "ID_FS_TYPE") for piece in pieces]
    if "crypto_LUKS" in kinds:
        return True
    return False if any(kinds) else None


def _is_under_crypt(lower: str, sysfs: _Sysfs, seen: frozenset[str]) -> bool:
    return any(
        (sysfs.get(f"{upper}/dm/uuid") or "").startswith("CRYPT-")
        or _is_under_crypt(upper, sysfs, seen | {lower})
        for upper in sysfs.above.get(lower, frozenset()) - seen - {lower}
    )


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(DISKS,),
    read=_read,
    examples=(
        Example(
            system="debian 12 in a microvm",
            text="""\
@@ attributes
/sys/block/loop0/size:0
/sys/block/vda/size:536870912
/sys/block/zram0/size:0
/sys/block/loop0/dev:7:0
/sys/block/vda/dev:254:0
/sys/block/zram0/dev:253:0
/sys/block/loop0/queue/rotational:0
/sys/block/vda/queue/rotational:1
/sys/block/zram0/queue/rotational:0
/sys/block/vda/serial:
@@ layers
@@ udev
""",
            expected=(
                DISKS.known((Disk(name="vda", size_bytes=274_877_906_944, rotational=True),)),
            ),
        ),
        Example(
            system="ubuntu 22.04 with LVM on LUKS (format as documented)",
            text="""\
@@ attributes
/sys/block/dm-0/size:1000179712
/sys/block/dm-1/size:209715200
/sys/block/nvme0n1/size:1000215216
/sys/block/dm-0/dev:253:0
/sys/block/dm-1/dev:253:1
/sys/block/nvme0n1/dev:259:0
/sys/block/dm-0/queue/rotational:0
/sys/block/dm-1/queue/rotational:0
/sys/block/nvme0n1/queue/rotational:0
/sys/block/dm-0/dm/name:nvme0n1p3_crypt
/sys/block/dm-1/dm/name:vg-root
/sys/block/dm-0/dm/uuid:CRYPT-LUKS2-0c9d1e6f8d8a4b7f9f0a6d2c1b3e4f50-nvme0n1p3_crypt
/sys/block/dm-1/dm/uuid:LVM-1gYv7s
/sys/block/nvme0n1/device/model:SAMSUNG MZVL2512HCJQ-00B00
/sys/block/nvme0n1/device/serial:S675NX0R400000
/sys/block/nvme0n1/nvme0n1p1/dev:259:1
/sys/block/nvme0n1/nvme0n1p3/dev:259:3
@@ layers
dm-0/slaves/nvme0n1p3
dm-1/slaves/dm-0
@@ udev
/run/udev/data/b259:1:E:ID_FS_TYPE=vfat
/run/udev/data/b259:3:E:ID_FS_TYPE=crypto_LUKS
""",
            expected=(
                DISKS.known(
                    (
                        Disk(
                            name="nvme0n1",
                            size_bytes=512_110_190_592,
                            model="SAMSUNG MZVL2512HCJQ-00B00",
                            serial="S675NX0R400000",
                            rotational=False,
                            encrypted=True,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 7 with a disk of a SAN reached over two paths (format as documented)",
            text="""\
@@ attributes
/sys/block/dm-2/size:209715200
/sys/block/sda/size:585937500
/sys/block/sdb/size:209715200
/sys/block/sdc/size:209715200
/sys/block/sr0/size:2097151
/sys/block/sda/dev:8:0
/sys/block/sda/queue/rotational:1
/sys/block/dm-2/queue/rotational:0
/sys/block/dm-2/dm/name:mpatha
/sys/block/dm-2/dm/uuid:mpath-360002ac0000000000000001200020b0e
/sys/block/sda/device/model:LOGICAL VOLUME
/sys/block/sda/sda1/dev:8:1
@@ layers
dm-2/slaves/sdb
dm-2/slaves/sdc
@@ udev
/run/udev/data/b8:0:E:ID_SERIAL_SHORT=600508b1001c1d2e
/run/udev/data/b8:1:E:ID_FS_TYPE=xfs
""",
            expected=(
                DISKS.known(
                    (
                        Disk(name="mpatha", size_bytes=107_374_182_400, rotational=False),
                        Disk(
                            name="sda",
                            size_bytes=300_000_000_000,
                            model="LOGICAL VOLUME",
                            serial="600508b1001c1d2e",
                            rotational=True,
                            encrypted=False,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13, which has no sysfs",
            text="",
            expected=(DISKS.unknown(Reason.NOT_TOLD, "there is no /sys/block"),),
        ),
    ),
)
