"""Raw answers, byte for byte, with what they have in common kept once.

An answer is taken apart at its frame lines, which differ from run to run; what stands between
them is often what the same or another server has said before.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import msgspec

from inventory.store.compression import squeeze, unsqueeze
from inventory.store.contents import LONG, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRAME: Final = re.compile(rb"\n@[0-9a-f]{16,64} (?=begin )")
_FIRST: Final = b"\x01"
"""What an answer in parts began with in the second version; then JSON, in zlib."""
_PARTS: Final = b"\x02"
"""What an answer in parts begins with. In the first version it was compressed as it is."""

_Parts = tuple[bytes, list[bytes | str]]
"""What stands between the parts; and these, those kept elsewhere by their digests."""


def pack_raw(raw: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return a raw answer in parts, and the contents that they refer to, by digest."""
    contents: dict[str, bytes] = {}
    parts: list[bytes | str] = []
    frame = _FRAME.search(raw)
    between = frame.group() if frame else b""
    for piece in raw.split(between) if between else (raw,):
        if len(piece) < LONG:
            parts.append(piece)
        else:
            digest = digest_of(piece)
            contents[digest] = piece
            parts.append(digest)
    return _PARTS + squeeze(msgspec.msgpack.encode((between, parts))), contents


def digests_in(packed: bytes) -> tuple[str, ...]:
    """Return the digests that a packed answer refers to."""
    if not packed.startswith((_FIRST, _PARTS)):
        return ()
    _, parts = _parts(packed)
    return tuple(part for part in parts if isinstance(part, str))


def unpack_raw(packed: bytes, contents: Mapping[str, bytes]) -> bytes:
    """Return the raw answer; ``contents`` holds those that it refers to."""
    if not packed.startswith((_FIRST, _PARTS)):
        return unsqueeze(packed)
    between, parts = _parts(packed)
    return between.join(contents[part] if isinstance(part, str) else part for part in parts)


def _parts(packed: bytes) -> _Parts:
    plain = unsqueeze(packed[len(_PARTS) :])
    if packed.startswith(_PARTS):
        between, parts = msgspec.msgpack.decode(plain)
        return between, parts
    first: list[str | list[str]] = json.loads(plain)
    return b"", [part[0] if isinstance(part, list) else part.encode("latin-1") for part in first]
