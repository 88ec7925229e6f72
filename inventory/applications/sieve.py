"""A sieve for what tells nothing, which is nearly all that a server shows of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

T = TypeVar("T")
_KEPT: Final = 65_536
"""Of how many things it is remembered whether they tell anything."""


class Sieve(Generic[T]):
    """Finds the few things that tell something among many that do not, looking at each once.

    The servers of an estate have and run much the same.
    """

    def __init__(self, tells: Callable[[T], bool]) -> None:
        """Let those through of which ``tells`` holds; pure."""
        self._tells = tells
        self._silent: set[T] = set()
        self._telling: set[T] = set()

    def through(self, things: Iterable[T]) -> AbstractSet[T]:
        """Return those of the things, all hashable, that tell something."""
        left = set(things) - self._silent
        fresh = left - self._telling
        if not fresh:
            return left
        silent = {each for each in fresh if not self._tells(each)}
        left -= silent
        if len(self._silent) + len(self._telling) >= _KEPT:
            self._silent.clear()
            self._telling.clear()
        self._silent |= silent
        self._telling |= left
        return left
