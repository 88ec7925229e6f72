"""What a step of the demo is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Type:
    """A command that the demo types as a user would."""

    line: tuple[str, ...]
    """Its words, without ``decant``."""
    ends_with: int = 0
    """The exit code that it must end with."""
    says: tuple[str, ...] = ()
    """What must be found in what it says."""


@dataclass(frozen=True, kw_only=True)
class Happen:
    """Something that people do to the estate while the demo looks on."""

    what: str
    """One sentence."""
    act: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Look:
    """Something that the demo sees for itself, without Decant."""

    what: str
    """One sentence, which is printed when it is so."""
    is_so: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: why it is taken, and what is done."""

    title: str
    why: str
    """One sentence or two."""
    parts: tuple[Type | Happen | Look, ...]
