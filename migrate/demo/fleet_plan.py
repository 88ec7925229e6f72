"""Which servers the demo's estate is made of, and what each is for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Final

GATEWAY: Final = "10.77.0.1"
"""Address of the lab itself, from which Decant asks."""


class Role(Enum):
    """What a server of the demo does."""

    WEB = "web"
    APPLICATION = "application"
    DATABASE = "database"
    CACHE = "cache"
    FILES = "files"


PORTS: Final = {
    Role.WEB: 80,
    Role.APPLICATION: 8080,
    Role.DATABASE: 5432,
    Role.CACHE: 6379,
    Role.FILES: 2049,
}
"""What each role listens on, besides SSH."""


@dataclass(frozen=True, kw_only=True)
class PlannedServer:
    """One server as the demo means it to be."""

    name: str
    role: Role
    address: str
    running: bool = True
    """False for the one that was switched off long ago."""

    @property
    def target(self) -> str:
        """Where it is asked, as a user types it."""
        return f"ssh://root@{self.address}"

    @property
    def mac(self) -> str:
        """Its own hardware address, locally administered."""
        octets = (int(octet) for octet in self.address.split("."))
        return "02:00:" + ":".join(f"{octet:02x}" for octet in octets)

    @property
    def machine_id(self) -> str:
        """Identifier of its installation, the same at each raising."""
        return hashlib.sha256(f"decant demo {self.name}".encode()).hexdigest()[:32]

    @property
    def ports(self) -> tuple[int, ...]:
        """Every TCP port that others can reach."""
        return (22, PORTS[self.role])


SERVERS: Final = (
    PlannedServer(name="web-1", role=Role.WEB, address="10.77.0.11"),
    PlannedServer(name="app-1", role=Role.APPLICATION, address="10.77.0.12"),
    PlannedServer(name="db-1", role=Role.DATABASE, address="10.77.0.13"),
    PlannedServer(name="cache-1", role=Role.CACHE, address="10.77.0.14"),
    PlannedServer(name="files-1", role=Role.FILES, address="10.77.0.15", running=False),
    PlannedServer(name="web-1-new", role=Role.WEB, address="10.77.0.21"),
    PlannedServer(name="cache-1-new", role=Role.CACHE, address="10.77.0.24"),
)
"""The old servers, then those that replace some of them."""


def planned(name: str) -> PlannedServer:
    """Return the server of that name; a KeyError when the demo has none."""
    return {server.name: server for server in SERVERS}[name]
