"""Keys made for one raising of the demo: one to get in by, and one that each server shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """An ed25519 key as OpenSSH writes it."""

    private: bytes
    public: str
    """``ssh-ed25519 AAAA…``, without a comment."""


def make_key() -> KeyPair:
    """Make a new key."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return KeyPair(private=private, public=public.decode())


def write_private(path: Path, key: KeyPair) -> None:
    """Write a private key, readable by its owner alone from the first moment."""
    path.touch(mode=0o600)
    path.write_bytes(key.private)
