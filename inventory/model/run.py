"""A run: one time that sources were asked. Runs are kept, so that the inventory has a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.model.fact import Observation, Unknown


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a command that asks."""

    id: str
    command: str
    """What was run, as typed, without secrets."""
    started: datetime
    finished: datetime | None
    """None while it runs, or when it was cut off."""
    asked: int = 0
    answered: int = 0


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What asking one target brought, ready to be stored."""

    target: str
    at: datetime
    observations: tuple[Observation, ...] = ()
    """With their origins. Empty when nothing answered."""
    unreachable: Unknown | None = None
    raw: bytes = b""
    """The reply's standard output as it came."""
    stderr: bytes = b""
    seconds: float = 0
