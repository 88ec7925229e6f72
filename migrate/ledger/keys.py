"""Public keys: read as ``ssh-keygen`` writes them, named by their fingerprint, used to verify."""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from inventory.errors import BadInputError

if TYPE_CHECKING:
    from securesystemslib.signer import SSlibKey


def key_id(line: str) -> str:
    """Return the fingerprint of a public key's line, as ``ssh-keygen -l`` tells it: ``SHA256:…``.

    Raises:
        BadInputError: it is no such line.

    """
    words = line.split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error) as error:
        raise _no_key(line) from error
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


@lru_cache(maxsize=256)
def public_key(line: str) -> SSlibKey:
    """Read a public key from its line.

    Raises:
        BadInputError: it is no ed25519 or P-256 key as ``ssh-keygen`` writes it.

    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key
    from securesystemslib.signer import SSlibKey

    try:
        return SSlibKey.from_crypto(load_ssh_public_key(line.encode()), keyid=key_id(line))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(line) from error


def _no_key(line: str) -> BadInputError:
    shown = line if len(line) <= 40 else f"{line[:40]}…"  # noqa: PLR2004
    return BadInputError(
        f"this is no public key: {shown!r}",
        hint="give the line of the .pub file: ssh-keygen -t ed25519 makes one",
    )
