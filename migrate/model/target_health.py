"""Whether a cloud server is well, by its provider's own checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Condition(Enum):
    """What a provider's word on something comes to."""

    WELL = "well"
    ILL = "ill"
    UNTOLD = "not told"
    """It says nothing yet, or a word that is new to us."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """One thing that the provider looks at."""

    name: str
    condition: Condition
    said: str
    """The provider's own words."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """What the provider's own checks of a server say."""

    checks: tuple[Status, ...]
    announced: tuple[str, ...] = ()
    """What the provider has announced to do to it: reboots, maintenance."""
    ending: tuple[str, ...] = ()
    """Of that, what ends it or stops it: retirement."""
