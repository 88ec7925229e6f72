"""How far a cloud server got when it last started, by what its console showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class BootEnd(Enum):
    """Where a start ended."""

    UP = "up"
    """It asks for a login, or says that it is ready."""
    STUCK = "stuck"
    """It panicked, or waits for somebody to repair it."""
    UNCLEAR = "unclear"
    """There is a log, but none of the signs that we know."""


@dataclass(frozen=True, kw_only=True)
class Boot:
    """What the console's log comes to. None of its text is kept: logs can hold passwords."""

    end: BootEnd
    sign: str
    """The last sign that was found, in our words; empty when there was none."""
    log_bytes: int
    """How much of the log was read."""
    at: datetime | None = None
    """When the log was taken; None when that is not told."""
