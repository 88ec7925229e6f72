"""Which updates a cloud server lacks, by its provider's last assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Patches:
    """What the last assessment found. A count that was not told is None."""

    assessed: datetime | None
    state: str
    """How the assessment ended, in the provider's word."""
    critical: int | None
    """Critical updates that are missing."""
    security: int | None
    """Updates of security that are missing."""
    other: int | None
    failed: int | None = None
    """Updates that could not be installed."""
    reboot_pending: bool | None = None
