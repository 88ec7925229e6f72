"""A source: somebody who runs many servers, asked as a whole.

A source's file in ``inventory/sources`` holds a :class:`Source` under ``SOURCE``. Its name is the
scheme by which it is asked: ``decant discover aws:``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model.nearness import Nearness

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.model.cloud_calls import Call, Tally
    from inventory.model.imported import Item
    from inventory.model.resource import Listing


@dataclass(frozen=True, kw_only=True)
class Place:
    """A part of a source that answers or fails by itself: a region of an account."""

    name: str
    """For people: ``aws 123456789012 eu-west-2``."""
    ask: Callable[[], tuple[str, Sequence[Item]]]
    """Return the source's own name, under which records are known again, and all that it tells.

    Raises:
        PartlyUnknownError: it does not answer, or does not let us look.
    """
    resources: Callable[[], Iterator[Listing]] | None = None
    """Yield what is there beside servers, question by question; None where that is nothing.

    Raises:
        PartlyUnknownError: not even its name could be told.
    """
    close: Callable[[], None] = lambda: None
    """Let go of what asking opened; places that share it may each be closed."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of source."""

    title: str
    """What people call it: ``AWS``."""
    targets: tuple[tuple[str, str], ...]
    """How it is written, and what that asks: ``("aws:", "every account and region …")``."""
    nearness: Nearness = Nearness.HYPERVISOR
    calls: tuple[Call, ...]
    """Everything that it may ask."""
    places: Callable[[Estate, str, Tally], Iterator[Place]]
    """Return what is asked for what stands after the scheme, which may be nothing.

    Raises:
        UsageError: it is none of :attr:`targets`.
        BadInputError: the source is not configured so that it could be asked.
    """
