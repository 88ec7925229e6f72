"""A connection as it was seen over time from one of its ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.model.parts import Direction, Protocol


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Over which time servers were looked at: what came and went between two looks is not known."""

    looks: int
    servers: int
    since: datetime | None
    """None before the first look."""
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One use of a service, as one server saw it, however many connections it was made of."""

    protocol: Protocol
    direction: Direction
    """Inbound or outbound, as seen from the server that saw it."""
    local_address: str
    remote_address: str
    port: int
    """Of the end that serves."""
    process: str | None
    first_seen: datetime
    last_seen: datetime
    looks: int
    """In how many looks at the server it was there."""
    most_at_once: int
    """The most connections that one look showed."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """A connection to a server, as another server saw it that opened it."""

    server: str
    """Name of the other."""
    sighting: Sighting
