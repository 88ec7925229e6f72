"""OpenSSH's certificates of host keys: who signed one, for which names, and for how long.

The format is PROTOCOL.certkeys of OpenSSH; the judgement is that of its ``sshkey.c`` (10.x): a
certificate without names is good for none.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import SSHCertificate, load_ssh_public_identity

from inventory.ssh.known_hosts import HostKey

if TYPE_CHECKING:
    from datetime import datetime

SUFFIX = "-cert-v01@openssh.com"
_HOST = 2
_KEY_FIELDS = {"ssh-ed25519": 1, "ssh-rsa": 2}
"""How many fields the key itself has; two for the rest."""
_WEAK = frozenset({"ssh-rsa", "ssh-dss"})
"""Signatures with SHA-1."""


@dataclass(frozen=True, kw_only=True)
class HostCertificate:
    """What a certificate says, before anybody believes it."""

    blob: bytes
    kind: int
    """1 for users, 2 for servers."""
    key_id: str
    principals: tuple[str, ...]
    """Names of servers, with ``*`` and ``?``."""
    valid_after: int
    """Seconds since 1970."""
    valid_before: int
    critical_options: bytes
    authority: HostKey
    """Who signed it."""
    signature_type: str

    def fault(self, host: str, at: datetime) -> str | None:
        """Return why it is no proof that ``host`` is that server; None when it is one."""
        names = ", ".join(self.principals) or "no name at all"
        faults = (
            (self.kind != _HOST, "it is no certificate of a server"),
            (at.timestamp() < self.valid_after, "it is not valid yet; is a clock wrong?"),
            (at.timestamp() >= self.valid_before, "it has expired"),
            (bool(self.critical_options), "it holds critical options, which no server's may"),
            (
                not any(_fits(host, each) for each in self.principals),
                f"it is for {names}, not for {host}",
            ),
            (
                self.signature_type in _WEAK,
                f"it is signed with {self.signature_type}, which is broken",
            ),
        )
        found = next((words for is_so, words in faults if is_so), None)
        if found or self._is_signed():
            return found
        return "its signature is not that of the authority it names"

    def _is_signed(self) -> bool:
        name, _ = _string(self.blob)
        try:
            loaded = load_ssh_public_identity(name + b" " + b64encode(self.blob))
            if not isinstance(loaded, SSHCertificate):
                return False
            loaded.verify_cert_signature()
        # cryptography has never learnt some points of a curve: it says so with NotImplementedError.
        except (InvalidSignature, NotImplementedError, UnsupportedAlgorithm, ValueError):
            return False
        return True


def read_certificate(blob: bytes) -> HostCertificate:
    """Read a certificate in SSH's own encoding.

    Raises:
        ValueError: it is none, or it is cut off.

    """
    name, rest = _string(blob)
    kind = name.decode("ascii", "replace")
    if not kind.endswith(SUFFIX):
        raise ValueError("not a certificate")
    for _ in range(1 + _KEY_FIELDS.get(kind.removesuffix(SUFFIX), 2)):
        _, rest = _string(rest)
    _, rest = _number(rest, 8)
    holder, rest = _number(rest, 4)
    key_id, rest = _string(rest)
    names, rest = _string(rest)
    after, rest = _number(rest, 8)
    before, rest = _number(rest, 8)
    options, rest = _string(rest)
    for _ in range(2):
        _, rest = _string(rest)
    signer, rest = _string(rest)
    signature, _ = _string(rest)
    return HostCertificate(
        blob=blob,
        kind=holder,
        key_id=key_id.decode("utf-8", "replace"),
        principals=tuple(_strings(names)),
        valid_after=after,
        valid_before=before,
        critical_options=options,
        authority=HostKey(type=_string(signer)[0].decode("ascii", "replace"), blob=signer),
        signature_type=_string(signature)[0].decode("ascii", "replace"),
    )


def _strings(data: bytes) -> list[str]:
    found = []
    while data:
        each, data = _string(data)
        found.append(each.decode("utf-8", "replace"))
    return found


def _string(data: bytes) -> tuple[bytes, bytes]:
    size, rest = _number(data, 4)
    if len(rest) < size:
        raise ValueError("the certificate is cut off")
    return rest[:size], rest[size:]


def _number(data: bytes, size: int) -> tuple[int, bytes]:
    if len(data) < size:
        raise ValueError("the certificate is cut off")
    return int.from_bytes(data[:size]), data[size:]


def _fits(host: str, pattern: str) -> bool:
    wild = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, host.lower()) is not None
