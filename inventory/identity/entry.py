"""A record as identity looks at it: what one source knows one server by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inventory.model.identity import Identity
from inventory.model.nearness import Nearness

ASKED: Final = "asked"
"""The source of the servers that were asked directly. Their key is their id."""


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Reference:
    """What a record is found by again after its export was imported anew."""

    source: str
    key: str

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.key} ({self.source})"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One record."""

    id: str
    source: str
    """The system that tells: :data:`ASKED`, ``rvtools:vcenter.example`` …"""
    key: str
    """What that system knows it by."""
    name: str
    identity: Identity
    nearness: Nearness
    first_seen: datetime

    @property
    def reference(self) -> Reference:
        """What decisions know it by."""
        return Reference(source=self.source, key=self.key)

    @property
    def age(self) -> tuple[datetime, str]:
        """What the oldest has the least of; no two records have the same."""
        return self.first_seen, self.id

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.name} ({self.source})"
