"""Applications that run on servers, and how servers depend on each other through connections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.model.instances import Instance
from inventory.model.ordered import Ordered


class Confidence(Enum):
    """How sure a recognition is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class Application:
    """Software that was recognised on one server."""

    id: str
    """Identifier of the fingerprint: ``postgresql``; ``unrecognised:NAME`` for a listening process
    that no fingerprint names."""
    name: str
    vendor: str | None
    category: str
    version: str | None
    ports: tuple[str, ...]
    """What it listens on, as ``5432/tcp``."""
    confidence: Confidence
    why: tuple[str, ...]
    """What it was recognised by, one sentence each."""
    lifecycle_product: str | None
    """Name of the product in the lifecycle catalogue."""
    runs: bool | None = None
    """Whether it runs; None when that could not be seen."""
    is_agent: bool = False
    """Whether it looks after the server that it runs on, for something central: backup,
    monitoring, antivirus. It is set up anew on a new server rather than moved."""
    purpose: str | None = None
    """What the people who use it do with it, where that is known."""
    instances: tuple[Instance, ...] = ()
    """What it consists of here: clusters, databases, sites, deployments."""


@dataclass(frozen=True, kw_only=True)
class Dependency(Ordered):
    """One server uses a service of another, or of something outside the estate."""

    client: str
    """Server id, or ``outside:ADDRESS``."""
    server: str
    """Server id, or ``outside:ADDRESS``."""
    protocol: str
    port: int
    """The port that is served; the client's own port is let go."""
    process: str | None
    """The process that serves it, as far as either end knows."""
    connections: int
    """How many were seen at once: the most of all looks."""
    client_processes: tuple[str, ...] = ()
    """The processes that use it, as far as the client's end told."""
    first_seen: datetime | None = None
    """When it was first seen; None where connections were not kept over time."""
    last_seen: datetime | None = None
    looks: int | None = None
    """In how many looks at either end it was there."""


@dataclass(frozen=True, kw_only=True)
class ApplicationDependency:
    """One application uses another, or something outside the estate."""

    client: str
    """Server id, or ``outside:ADDRESS``."""
    client_application: str | None
    """Name of the application there; None when the connection tells of none."""
    server: str
    """Server id, or ``outside:ADDRESS``."""
    server_application: str | None
    protocol: str
    port: int
    connections: int
    is_loopback: bool = False
    """Whether both are on the same server."""
    first_seen: datetime | None = None
    last_seen: datetime | None = None
