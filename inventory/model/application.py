"""Applications that run on servers, and how servers depend on each other through connections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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


@dataclass(frozen=True, kw_only=True, order=True)
class Dependency:
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
    """How many were seen at once."""
