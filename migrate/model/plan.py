"""What is planned for a server: where it goes, what replaces it, by which playbook and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Destination(Enum):
    """Where a server's work goes."""

    AWS = "aws"
    AZURE = "azure"
    SAAS = "saas"
    HUB = "hub"
    RETIRE = "retire"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One server's way out of the building."""

    server_id: str
    server: str
    """The old server's name."""
    source: str
    """Where the old server is asked: ``ssh://root@10.0.0.4``."""
    to: Destination
    replacement: str | None
    """Where the new server is asked; None when there is none (SaaS, retirement)."""
    resource: str | None
    """The new server in its cloud: an EC2 instance id or an Azure resource id."""
    playbook: str
    wave: int
    """1 is the first."""
    why_wave: str
    why_to: str = ""
    """Who or what says that it goes there; empty in plans of before it was told."""
    owner: str | None = None
    partners: tuple[str, ...] = ()
    """Partners that own the server; empty means all of them share it."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Parameters of checks, by the check's name."""
    launched_by: str = ""
    """The stage whose act launched the resource, as the migration service told; empty when
    ``decant.toml`` names it, or nobody."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The moves of the estate, and what stands against them."""

    moves: tuple[Move, ...]
    unplanned: tuple[str, ...]
    """Names of servers for which no move is given."""
    warnings: tuple[str, ...]
    at: datetime
