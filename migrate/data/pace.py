"""How hard a database is asked: small parts first, larger ones only while they stay quick."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event

from migrate.data.model import LostError

_LARGEST = 256.0
_QUICK = 0.5
"""Part of the time allowed within which the next part may be twice as large."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a comparison may ask of a database."""

    part_seconds: float
    """How long one statement should take."""
    pause_seconds: float
    """How long to let the database rest after each."""
    until: float
    """When to stop, by the monotonic clock."""


@dataclass
class Pace:
    """The pace with one side of one table."""

    load: Load
    stop: Event
    """Set when the other side has given up."""
    size: float = 1.0

    def go_on(self) -> None:
        """Return when the next part may be asked for.

        Raises:
            LostError: time is over, or the other side has given up.

        """
        if self.stop.is_set():
            raise LostError("the other database gave up")
        if time.monotonic() >= self.load.until:
            raise LostError("the time allowed is over; run it again to carry on")

    def took(self, seconds: float) -> None:
        """Learn from how long a part took, and rest."""
        if seconds < self.load.part_seconds * _QUICK:
            self.size = min(self.size * 2, _LARGEST)
        elif seconds > self.load.part_seconds:
            self.size = max(self.size / 2, 1.0)
        if self.load.pause_seconds:
            self.stop.wait(self.load.pause_seconds)
