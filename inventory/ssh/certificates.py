"""Certificates of users' keys, in the files that ssh-keygen writes."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    SSHCertificate,
    load_ssh_public_identity,
)

_SUFFIX = "-cert-v01@openssh.com"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate of one key."""

    line: str
    """Its type and itself in base64."""
    blob: bytes
    public: bytes
    """The key that it is for, in SSH's own encoding."""

    @classmethod
    def read(cls, path: Path) -> Certificate | None:
        """Read a file; None when it is not there, or is no certificate that can be used."""
        try:
            words = path.read_bytes().split()[:2]
            blob = b64decode(words[1], validate=True)
        except (OSError, IndexError, ValueError):
            return None
        return cls.of(blob)

    @classmethod
    def of(cls, blob: bytes) -> Certificate | None:
        """Read a certificate in SSH's own encoding; None when it is none that can be used."""
        name = blob[4 : 4 + int.from_bytes(blob[:4])]
        line = name + b" " + b64encode(blob)
        if not name.endswith(_SUFFIX.encode()):
            return None
        try:
            loaded = load_ssh_public_identity(line)
        except (NotImplementedError, UnsupportedAlgorithm, ValueError):
            return None
        if not isinstance(loaded, SSHCertificate):
            return None
        written = loaded.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        return cls(line=line.decode(), blob=blob, public=b64decode(written.split()[1]))


def certificate_beside(key: Path) -> Path:
    """Return where ssh-keygen puts the certificate of a key."""
    return key.with_name(f"{key.name.removesuffix('.pub')}-cert.pub")


def read_public(key: Path) -> bytes | None:
    """Return the public half of a private key's file, from the file beside it; None without one.

    The file itself may hold the public half: the agent has the private one then.
    """
    for path in (key, key.with_name(f"{key.name}.pub")):
        try:
            words = path.read_bytes().split()
            blob = b64decode(words[1], validate=True)
        except (OSError, IndexError, ValueError, binascii.Error):
            continue
        if blob[4 : 4 + int.from_bytes(blob[:4])] == words[0]:
            return blob
    return None
