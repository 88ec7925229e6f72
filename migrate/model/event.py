"""Something that happened on a server's way out, as those who want to know are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Happening(Enum):
    """What happened."""

    TESTED = "tested"
    """All checks of a stage passed."""
    FAILED = "failed"
    """A check failed or could not tell, or an act had no effect."""
    APPROVED = "approved"
    """Somebody agreed."""
    REFUSED = "refused"
    """An act was asked for, and refused."""
    DONE = "done"
    """An act took effect."""
    INTERRUPTED = "interrupted"
    """A run was cut off, or what became of an act cannot be told."""
    UNDONE = "undone"
    """An act was taken back."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened. Without secrets."""

    happening: Happening
    server: str
    stage: str
    """Stage of the playbook; empty when it is of none."""
    words: str
    """One sentence."""
    details: tuple[str, ...] = ()
    """More sentences: each reason of a refusal, each check that failed."""
    at: datetime
