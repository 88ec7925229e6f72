"""The provider's agent in a cloud server: by which it is managed, patched and looked after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrate.model.target_health import Status


@dataclass(frozen=True, kw_only=True)
class Agent:
    """The agent and what it carries."""

    agent: Status | None
    """None when the provider knows of no agent in this server."""
    version: str = ""
    heard: datetime | None = None
    """When it last reported; None when that is not told."""
    carried: tuple[Status, ...] = ()
    """What it runs by order: Azure's extensions, the State Manager associations of AWS."""
