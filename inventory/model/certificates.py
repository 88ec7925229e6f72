"""Certificates: those in files that services use, and those that listeners show; and their keys.

Only the public part is ever read. A field that is None was not told; it never means "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered

_DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class Certificate(Ordered):
    """What an X.509 certificate says."""

    subject: str
    """Distinguished name, as RFC 4514 writes it; may be empty."""
    issuer: str
    names: tuple[str, ...] = ()
    """The DNS names and addresses that it is for."""
    serial: str
    """Hexadecimal, lower case."""
    not_before: datetime
    not_after: datetime
    key: str | None = None
    """``RSA``, ``EC secp256r1``, ``Ed25519``; None for kinds that cannot be read."""
    key_bits: int | None = None
    signature: str | None = None
    """The digest that is signed: ``sha256``, ``sha1`` …"""
    self_signed: bool
    """Whether it names itself as its issuer."""
    authority: bool
    """Whether it may sign others."""
    sha256: str
    """Fingerprint, hexadecimal, lower case: the same certificate has the same wherever it is."""

    def days_left(self, now: datetime) -> int:
        """Return how many whole days it is still valid; negative once it has expired."""
        return int((self.not_after - now).total_seconds() // _DAY_SECONDS)

    def __str__(self) -> str:
        """Say whose it is, from whom, until when."""
        return f"{self.subject} from {self.issuer}, valid until {self.not_after:%Y-%m-%d}"


@dataclass(frozen=True, kw_only=True)
class CertificateFile(Ordered):
    """A file that holds a certificate, and who uses it."""

    path: str
    used_by: tuple[str, ...] = ()
    """The configuration files that name it; none when it only lies in a usual place."""
    certificate: Certificate | None = None
    """The first in it; None when it could not be read."""
    more: int = 0
    """How many certificates follow: those between it and its authority."""
    why_unread: str | None = None
    """Why there is no certificate to show."""


class Trust(Enum):
    """Whether a chain leads to an authority that the system trusts here."""

    TRUSTED = "trusted"
    NOT_TRUSTED = "not trusted"


class TlsSpeech(Enum):
    """What came of a handshake."""

    TLS = "tls"
    PLAIN = "plain"
    """It answered, and offers no TLS."""
    UNKNOWN = "unknown"
    """It did not answer, or broke off."""


@dataclass(frozen=True, kw_only=True)
class TlsLook(Ordered):
    """What a listener showed when it was asked for TLS from where Decant runs."""

    address: str
    """Where it was asked."""
    port: int
    speech: TlsSpeech
    detail: str | None = None
    """Why it is unknown, what it said instead, or why it refused the handshake."""
    starttls: str | None = None
    """The protocol within which TLS was asked for (``smtp``, ``postgresql`` …); None when TLS
    comes first."""
    asked_for: str | None = None
    """The name that was asked for; None when it was asked by its address alone."""
    version: str | None = None
    """``TLSv1.3``: the best that both ends have."""
    cipher: str | None = None
    chain: tuple[Certificate, ...] = ()
    """As presented, the server's own first."""
    trust: Trust | None = None
    """By the authorities that are trusted where Decant runs; the name is not looked at."""
    fault: str | None = None
    """Why it is not trusted."""


CERTIFICATES: Final = FactKey[tuple[CertificateFile, ...]](
    name="certificates.files",
    kind=tuple[CertificateFile, ...],
    help="Certificates that services are configured with, or that lie in the usual places",
)
CERTIFICATES_UNREAD: Final = FactKey[tuple[str, ...]](
    name="certificates.unread",
    kind=tuple[str, ...],
    help="Configuration files that may name certificates, and that the account may not read",
)
TLS: Final = FactKey[tuple[TlsLook, ...]](
    name="network.tls",
    kind=tuple[TlsLook, ...],
    help="What each listener shows when it is asked for TLS",
)
