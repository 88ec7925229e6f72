"""What ``df`` says of filesystems, in the dialects of its many makers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.parts import Filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KIBIBYTE: Final = 1024
_SIZES: Final = r"(?P<size>\d{1,18})\s+(?P<used>-?\d{1,18})\s+(?P<free>-?\d{1,18})\s+(?:-?\d+%|-)"
_TYPED: Final = re.compile(rf"(?P<device>\S.*?)\s+(?P<type>\S+)\s+{_SIZES}\s+(?P<mount>/.*)")
_PLAIN: Final = re.compile(rf"(?P<device>\S.*?)\s+{_SIZES}\s+(?P<mount>/.*)")


def read_types(text: str) -> Iterator[tuple[str, str]]:
    """Read what Solaris writes: ``/export/home       : zfs``."""
    for line in text.splitlines():
        folder, colon, kind = line.rpartition(":")
        if colon and kind.strip():
            yield folder.strip(), kind.strip()


def read_df(
    table: str, *, typed: bool = False, types: Mapping[str, str] | None = None
) -> Iterator[Filesystem]:
    """Read df's table; ``typed`` where it has a column of types, ``types`` by mount point else."""
    pattern = _TYPED if typed else _PLAIN
    for line in table.splitlines():
        match = pattern.fullmatch(line)
        if not match:
            continue
        told = match.groupdict()
        yield Filesystem(
            mount_point=told["mount"],
            device=told["device"],
            type=told.get("type") or (types or {}).get(told["mount"], "unknown"),
            size_bytes=_size(told["size"], told["used"]),
            used_bytes=_bytes(told["used"]),
            free_bytes=_bytes(told["free"]),
        )


def _size(kibibytes: str, used: str) -> int | None:
    """Return the size; a zone of Solaris may hold much on what it calls nothing."""
    return _bytes(kibibytes) or (None if _bytes(used) else 0)


def _bytes(kibibytes: str) -> int:
    """Count in bytes. Less than nothing free, as in root's reserve, is nothing."""
    return max(0, int(kibibytes)) * _KIBIBYTE
