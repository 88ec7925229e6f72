"""Which filesystems are mounted, and how full they are.

Those that only exist in the kernel's memory are left out. A network filesystem whose server is
gone makes ``df`` wait: the question's own time limit ends it, and the fact is unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import FILESYSTEMS
from inventory.model.parts import Filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_SCRIPT = """
told=$(df -PkT)
if [ "$told" ]; then
  printf '@@ typed\\n%s\\n' "$told"
else
  echo '@@ plain'; df -Pk || df -k
  echo '@@ mounts'; cat /proc/self/mounts
fi
:
"""

_KIBIBYTE: Final = 1024
_SIZES: Final = r"(?P<size>\d{1,18})\s+(?P<used>-?\d{1,18})\s+(?P<free>-?\d{1,18})\s+(?:-?\d+%|-)"
_TYPED: Final = re.compile(rf"(?P<device>\S.*?)\s+(?P<type>\S+)\s+{_SIZES}\s+(?P<mount>/.*)")
_PLAIN: Final = re.compile(rf"(?P<device>\S.*?)\s+{_SIZES}\s+(?P<mount>/.*)")
_IN_MEMORY: Final = frozenset({
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devfs",
    "devpts", "devtmpfs", "efivarfs", "fdescfs", "fuse.gvfsd-fuse", "fuse.lxcfs",
    "fuse.snapfuse", "fusectl", "hugetlbfs", "iso9660", "linprocfs", "mqueue", "none", "nsfs",
    "proc", "procfs", "pstore", "ramfs", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs",
    "squashfs", "sysfs", "tmpfs", "tracefs",
})  # fmt: skip
_OVERLAYS: Final = frozenset({"overlay", "overlayfs", "aufs"})
"""A container's own root is one of these; its machine sees many that belong to containers."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    types = dict(_mounts(said.get("mounts", "")))
    table = said.get("typed") or said.get("plain") or ""
    if not table.strip():
        return (FILESYSTEMS.unknown(Reason.NOT_TOLD, "df gave nothing"),)
    pattern = _TYPED if "typed" in said else _PLAIN
    found = [each for each in _rows(table, pattern, types) if _counts(each)]
    return (FILESYSTEMS.known(tuple(sorted(_once(found)))),)


def _once(found: list[Filesystem]) -> Iterator[Filesystem]:
    """Leave out what is mounted a second time elsewhere, as BusyBox shows it."""
    seen = set()
    for each in sorted(found, key=lambda each: (len(each.mount_point), each.mount_point)):
        key = (each.device, each.type, each.size_bytes, each.used_bytes, each.free_bytes)
        if key not in seen:
            seen.add(key)
            yield each


def _mounts(said: str) -> Iterator[tuple[str, str]]:
    for line in said.splitlines():
        words = line.split()
        if len(words) > 2:  # noqa: PLR2004 - device, mount point, type
            yield words[1].replace("\\040", " "), words[2]


def _rows(table: str, pattern: re.Pattern[str], types: Mapping[str, str]) -> Iterator[Filesystem]:
    for line in table.splitlines():
        match = pattern.fullmatch(line)
        if not match:
            continue
        told = match.groupdict()
        yield Filesystem(
            mount_point=told["mount"],
            device=told["device"],
            type=told.get("type") or types.get(told["mount"], "unknown"),
            size_bytes=_bytes(told["size"]),
            used_bytes=_bytes(told["used"]),
            free_bytes=_bytes(told["free"]),
        )


def _bytes(kibibytes: str) -> int:
    """Count in bytes. Less than nothing free, as in root's reserve, is nothing."""
    return max(0, int(kibibytes)) * _KIBIBYTE


def _counts(each: Filesystem) -> bool:
    if each.size_bytes == 0 or each.type in _IN_MEMORY:
        return False
    return each.type not in _OVERLAYS or each.mount_point == "/"


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(FILESYSTEMS,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ typed
Filesystem              Type     1024-blocks     Used Available Capacity Mounted on
devtmpfs                devtmpfs    12334460        0  12334460       0% /dev
tmpfs                   tmpfs       24684084        0  24684084       0% /dev/shm
/dev/vda                ext4       264212084 23824120  82566792      23% /
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/vda",
                            type="ext4",
                            size_bytes=270_553_174_016,
                            used_bytes=24_395_898_880,
                            free_bytes=84_548_395_008,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with network filesystems (format as documented)",
            text="""\
@@ typed
Filesystem                     Type  1024-blocks     Used Available Capacity Mounted on
/dev/mapper/rhel-root          xfs      17811456  5032684  12778772      29% /
//files.example.org/Team Files cifs    104857600 52428800  52428800      50% /mnt/team files
nas.example.org:/exports/home  nfs4    524288000 10485760 513802240       2% /home
overlay                        overlay  17811456  5032684  12778772      29% /var/lib/x/merged
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/mapper/rhel-root",
                            type="xfs",
                            size_bytes=18_238_930_944,
                            used_bytes=5_153_468_416,
                            free_bytes=13_085_462_528,
                        ),
                        Filesystem(
                            mount_point="/home",
                            device="nas.example.org:/exports/home",
                            type="nfs4",
                            size_bytes=536_870_912_000,
                            used_bytes=10_737_418_240,
                            free_bytes=526_133_493_760,
                        ),
                        Filesystem(
                            mount_point="/mnt/team files",
                            device="//files.example.org/Team Files",
                            type="cifs",
                            size_bytes=107_374_182_400,
                            used_bytes=53_687_091_200,
                            free_bytes=53_687_091_200,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="busybox without df -T (format as documented)",
            text="""\
@@ plain
Filesystem           1024-blocks    Used Available Capacity Mounted on
/dev/sda2               10255636 2654380   7060580  27% /
tmpfs                     512000     180    511820   0% /run
@@ mounts
/dev/sda2 / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw,nosuid 0 0
""",
            expected=(
                FILESYSTEMS.known(
                    (
                        Filesystem(
                            mount_point="/",
                            device="/dev/sda2",
                            type="ext4",
                            size_bytes=10_501_771_264,
                            used_bytes=2_718_085_120,
                            free_bytes=7_230_033_920,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server whose df waited for a network filesystem",
            text="",
            expected=(FILESYSTEMS.unknown(Reason.NOT_TOLD, "df gave nothing"),),
        ),
    ),
)
