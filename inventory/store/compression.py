"""Bytes made small: by Zstandard, as the standard library of Python 3.14 has it. Zlib is read too.

The first versions compressed with zlib. The two begin with different bytes.
"""

from __future__ import annotations

import sys
import zlib
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LEVEL: Final = 1
"""How hard to compress: of a server's answers, higher levels make little less for more time."""
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
"""What its frames begin with (RFC 8878, 3.1.1)."""


def squeeze(content: bytes) -> bytes:
    """Return the content compressed."""
    return zstd.compress(content, _LEVEL)


def unsqueeze(packed: bytes) -> bytes:
    """Return the content that :func:`squeeze`, or an earlier version, compressed."""
    return zstd.decompress(packed) if packed.startswith(_ZSTANDARD) else zlib.decompress(packed)
