"""Where a server stands on its way out of the building, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Turn(Enum):
    """Who has to do something next. The order of the members is the order in which they are told.

    What stands still because of a fault comes first.
    """

    LOOK = "look into it"
    """An act was begun, and what became of it is not known; or the ledger is not whole."""
    ACT = "switch off"
    """The operator: everything that the record can tell is in place."""
    APPROVE = "approve"
    TEST = "test"
    SERVICE = "at work"
    """A migration service, which was at work when somebody looked last: people need do nothing."""
    WAIT = "wait"
    PLAN = "plan"
    """It has no move yet."""
    NOBODY = "nobody"
    """All of its playbook is done, or it is itself a replacement."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one server stands."""

    server: str
    wave: int | None
    to: str
    state: str
    """The furthest step of the life that its playbook says was reached, or the stage's name."""
    turn: Turn
    who: tuple[str, ...] = ()
    """The partners whose word is lacking, where somebody has to approve."""
    until: datetime | None = None
    """Until when has to be waited, as far as the record tells; None where nothing is waited for."""
    since: datetime | None = None
    """Since when a migration service is at work; None where none is."""
    blocks: str = ""
    """What stands in the way of the next step; empty when nothing does."""
    next: str = ""
    """The command that comes next; empty when there is none."""
