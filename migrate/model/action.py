"""An action: one destructive act on an old server, which only the gate may let through.

An action's file in ``migrate/actions`` holds an :class:`Action` under ``ACTION``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from inventory.model.asking import Access, Limits
from migrate.model.plan import Move


class Aftermath(Enum):
    """What is seen of an old server after an act, or after a crash in the middle of one."""

    DONE = "done"
    """The act has taken effect."""
    NOT_DONE = "not done"
    """The act has not taken effect."""
    UNKNOWN = "unknown"
    """It cannot be told."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What was seen after an act."""

    aftermath: Aftermath
    detail: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """One act on the old server, and the way back from it."""

    describe: Callable[[Move], str]
    """What it would do, one sentence, exactly."""
    apply: Callable[[Move, Access, Limits], Effect]
    """Do it, then look. Never raises for what the server does; says what is known. Doing it twice
    leaves what doing it once leaves."""
    look: Callable[[Move, Access, Limits], Effect]
    """Only look whether it has taken effect. Changes nothing."""
    restore: Callable[[Move, Access, Limits], Effect] | None = None
    """Take it back, then look: NOT_DONE is what it should come to. None when it cannot be taken
    back from here."""
    changes: tuple[str, ...] = ()
    """Parts of the old server's fingerprint that the act itself changes, such as ``listeners``."""
    leaves_off: bool = False
    """Whether the old server cannot be asked any more afterwards."""
