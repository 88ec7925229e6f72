"""Public keys: read as ``ssh-keygen`` writes them, named by their fingerprint, used to verify."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from inventory.errors import BadInputError

if TYPE_CHECKING:
    from securesystemslib.signer import SSlibKey


@lru_cache(maxsize=256)
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
    from securesystemslib.signer import SSlibKey

    verifier(line)  # what could not be verified is no key to sign with
    try:
        return SSlibKey.from_crypto(_loaded(line), keyid=key_id(line))
    except ValueError as error:
        raise _no_key(line) from error


@lru_cache(maxsize=256)
def verifier(line: str) -> Callable[[bytes, bytes], None]:
    """Return what verifies a signature under a text, by the public key of a line.

    It raises ``cryptography.exceptions.InvalidSignature`` when the key did not sign the text.

    Raises:
        BadInputError: it is no ed25519 or P-256 key as ``ssh-keygen`` writes it.

    """
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _loaded(line)
    if isinstance(key, Ed25519PublicKey):
        return key.verify
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name == "secp256r1":
        algorithm = ECDSA(SHA256())
        return lambda signature, text: key.verify(signature, text, algorithm)
    raise _no_key(line)


def trusted(where: str, line: str, lines: Mapping[str, str]) -> str:
    """Return the line of a public key as the estate has it.

    Raises:
        BadInputError: it is none of those that are trusted for this.

    """
    known = lines.get(key_id(line))
    if known is None:
        raise BadInputError(
            f"the key of {where} is not one that decant.toml trusts for this",
            hint=f"use the one that is; if this is theirs, its public key is: {line}",
        )
    return known


def pem(line: str) -> str:
    """Return a public key as PEM, which openssl and its like read."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = _loaded(line)
    return str(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def _loaded(line: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        return load_ssh_public_key(line.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(line) from error


def _no_key(line: str) -> BadInputError:
    shown = line if len(line) <= 40 else f"{line[:40]}…"  # noqa: PLR2004
    return BadInputError(
        f"this is no public key: {shown!r}",
        hint="give the line of the .pub file: ssh-keygen -t ed25519 makes one",
    )
