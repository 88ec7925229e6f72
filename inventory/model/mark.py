"""What servers and applications are marked with: duties that go wherever their data goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """A duty that comes with the data of a server."""

    OFFICIAL = "official"
    """Classified OFFICIAL by the Government Security Classifications."""
    OFFICIAL_SENSITIVE = "official-sensitive"
    """OFFICIAL with the handling caveat SENSITIVE."""
    PSN = "psn"
    """Part of what the certificate for the Public Services Network covers."""
    PCI = "pci"
    """Stores, handles or passes on cardholder data (PCI DSS)."""
    PERSONAL = "personal"
    """Personal data in the sense of the UK GDPR."""
    SPECIAL_CATEGORY = "special-category"
    """Personal data of a special category (health, beliefs, biometrics …) or on offences."""
    RETENTION = "retention"
    """Records that must be kept for a time, whatever becomes of the server."""


@dataclass(frozen=True, kw_only=True)
class MarkSettings:
    """Marks that ``decant.toml`` gives to servers and applications."""

    marks: tuple[Mark, ...]
    servers: tuple[str, ...] = ()
    """Patterns of servers' names, with ``*`` and ``?``."""
    applications: tuple[str, ...] = ()
    """Patterns of applications, by what they are recognised as or named in an inventory."""
