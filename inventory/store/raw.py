"""Raw answers, byte for byte, with what they have in common kept once.

An answer is taken apart at its frame lines, which differ from run to run; what stands between
them is often what the same or another server has said before.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Final

from inventory.store.contents import LONG, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_APART: Final = re.compile(rb"(\n@[0-9a-f]{16,64} (?:begin|end) [^\n]*\n)")
_PARTS: Final = b"\x01"
"""What a raw answer in parts begins with; one in a whole is compressed as it is."""


def pack_raw(raw: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return a raw answer in parts, and the contents that they refer to, by digest."""
    contents: dict[str, bytes] = {}
    parts: list[str | list[str]] = []
    for piece in _APART.split(raw):
        if len(piece) < LONG:
            parts.append(piece.decode("latin-1"))
        else:
            digest = digest_of(piece)
            contents[digest] = piece
            parts.append([digest])
    return _PARTS + zlib.compress(json.dumps(parts).encode()), contents


def digests_in(packed: bytes) -> tuple[str, ...]:
    """Return the digests that a packed answer refers to."""
    if not packed.startswith(_PARTS):
        return ()
    return tuple(part[0] for part in _parts(packed) if isinstance(part, list))


def unpack_raw(packed: bytes, contents: Mapping[str, bytes]) -> bytes:
    """Return the raw answer; ``contents`` holds those that it refers to."""
    if not packed.startswith(_PARTS):
        return zlib.decompress(packed)
    return b"".join(
        contents[part[0]] if isinstance(part, list) else part.encode("latin-1")
        for part in _parts(packed)
    )


def _parts(packed: bytes) -> list[str | list[str]]:
    parts: list[str | list[str]] = json.loads(zlib.decompress(packed[len(_PARTS) :]))
    return parts
