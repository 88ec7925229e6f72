"""What was said of facts, remembered by the values of those facts alone that were looked at.

A rule is pure: it says the same whenever the facts that it reads are the same. Which ones it reads
is seen as it reads them, so nothing need be declared. All that is said of a server is found by
going down a tree: at each branch some have said what they have to say, and the others look next at
one fact or another, whose value leads to the next branch.

A value leads nowhere the first time that it comes to a fork, since most such values, of disks or of
addresses, never come again: those who look at it are asked themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import wraps
from typing import Any, Final, Generic, TypeVar

from inventory.model.codec import encode
from inventory.model.fact import FactKey, Facts, Observation, Unknown

T = TypeVar("T")
V = TypeVar("V")
Voice = Callable[[Facts], T]
"""Says something of facts. Pure."""
_KEPT: Final = 32_768
"""How many branches there may be before all are forgotten."""
_KEPT_ONCE: Final = 16_384
"""How many values are held that were met once."""
_KEPT_ALIKE: Final = 512
"""For how many values it is kept what a function returned of them, unless it is told."""
_SHORT: Final = 24
"""How many parts a value may have to be known by how it is written."""
_BY_VALUE: Final = frozenset({str, int, bool, date, type(None)})
"""Types of which equal values of one type are written alike as well. 0.0 equals -0.0, and one time
equals the same time of another zone."""
_NEVER_TOLD: Final = ("",)


class Memory(Generic[T]):
    """Asks voices of facts, each as seldom as can be.

    It holds values that it was shown, some ten thousand at most.
    """

    def __init__(
        self,
        voices: Sequence[Voice[T]],
        together: Callable[[Sequence[T]], T],
        *,
        kept: int = _KEPT,
    ) -> None:
        """Ask these ``voices``; ``together`` makes one of what several said, in any order.

        ``kept`` branches are kept before all are forgotten.
        """
        self._kept = kept
        self._voices = voices
        self._together = together
        self._once: dict[tuple[int, Hashable], object] = {}
        self._branches = 0
        self._root: _Branch[T] | None = None

    def hear(self, facts: Facts) -> list[T]:
        """Return all that the voices say of the facts, in no order, some of it put together."""
        self._make_room()
        if self._root is None:
            self._root = self._grown(self._voices, frozenset(), facts, None)
        observations = facts.observations
        signs: dict[str, Hashable] = {}
        said: list[T] = []
        waiting = [self._root]
        for branch in waiting:
            said += branch.said
            for fork in branch.forks:
                name = fork.name
                sign = signs.get(name)
                if sign is None:
                    sign = signs[name] = _sign(observations.get(name))
                following = fork.branches.get(sign) or self._met(fork, sign, facts)
                if following:
                    waiting.append(following)
                else:
                    said += [voice(facts) for voice in fork.voices]
            if branch.unsteady:
                said += [voice(facts) for voice in branch.unsteady]
        return said

    def _make_room(self) -> None:
        if len(self._once) > _KEPT_ONCE:
            self._once.clear()
        if self._branches > self._kept:
            self._once.clear()
            self._branches = 0
            self._root = None

    def _met(self, fork: _Fork[T], sign: Hashable, facts: Facts) -> _Branch[T] | None:
        """Return the branch of a value that comes to a fork again; None when it is the first time.

        Where signs are where values are, the value is held, so that nothing else can come there.
        """
        at = (id(fork), sign)
        if at not in self._once:
            self._once[at] = facts.observations.get(fork.name)
            return None
        value = self._once.pop(at)
        grown = fork.branches[sign] = self._grown(fork.voices, fork.path, facts, value)
        return grown

    def _grown(
        self, voices: Sequence[Voice[T]], path: frozenset[str], facts: Facts, value: object
    ) -> _Branch[T]:
        """Return the branch of facts of which those on the path are the same."""
        self._branches += 1
        heard = []
        unsteady = []
        forks: dict[str, _Fork[T]] = {}
        for voice in voices:
            watched = Watched(facts)
            said = voice(watched)
            following = next((name for name in watched.read if name not in path), None)
            if watched.saw_all:
                unsteady.append(voice)
            elif following is None:
                heard.append(said)
            else:
                fork = forks.setdefault(following, _Fork(name=following, path=path | {following}))
                fork.voices.append(voice)
        return _Branch(
            said=(self._together(heard),) if heard else (),
            unsteady=tuple(unsteady),
            forks=tuple(forks.values()),
            value=value,
        )


def _sign(observation: Observation | None) -> Hashable:
    """Return what two facts have in common only when nobody can tell them apart."""
    if observation is None:
        return _NEVER_TOLD
    fact = observation.fact
    if isinstance(fact, Unknown):
        return fact.reason.value, fact.detail
    value = fact.value
    kind = type(value)
    if kind in _BY_VALUE:
        return kind, value
    if kind is tuple and len(value) <= _SHORT:
        return encode(value)
    if isinstance(value, Enum):
        return kind, value.name
    # Comparing long values takes longer than judging them: theirs is where they are.
    return id(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Branch(Generic[T]):
    """Facts of which some are the same."""

    said: tuple[T, ...]
    """By those who look at nothing else, put together; empty when there are none."""
    unsteady: tuple[Voice[T], ...]
    """Those of whom it cannot be told what they look at."""
    forks: tuple[_Fork[T], ...]
    value: object
    """That leads here, held."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Fork(Generic[T]):
    """Those who look at the same fact next."""

    name: str
    path: frozenset[str]
    """Every fact that they have looked at then."""
    voices: list[Voice[T]] = field(default_factory=list)
    branches: dict[Hashable, _Branch[T]] = field(default_factory=dict)


class Watched(Facts):
    """Facts that remember which of them were read, in order."""

    read: dict[str, None]
    saw_all: bool
    """Whether they were read otherwise than one by one, with their origins for instance."""
    _facts: Facts

    def __init__(self, facts: Facts) -> None:
        object.__setattr__(self, "read", {})
        object.__setattr__(self, "saw_all", False)
        object.__setattr__(self, "_facts", facts)

    def of(self, key: FactKey[Any]) -> Any:
        """Return the fact for ``key``, and remember that it was read."""
        self.read[key.name] = None
        return self._facts.of(key)

    @property
    def observations(self) -> Any:
        """Return all observations, and remember that they were."""
        object.__setattr__(self, "saw_all", True)
        return self._facts.observations


def of_each(function: Callable[[V], T], *, kept: int = _KEPT_ALIKE) -> Callable[[V], T]:
    """Call a pure function once for each value, however often it is asked while that is about.

    Values are the same when they are one object: comparing long ones takes longer. ``kept`` are
    kept before all are forgotten.
    """
    told: dict[int, tuple[V, T]] = {}

    @wraps(function)
    def remembered(value: V) -> T:
        known = told.get(id(value))
        if known is not None:
            return known[1]
        if len(told) >= kept:
            told.clear()
        found = function(value)
        # The value is held, so that nothing else can come to be where it is.
        told[id(value)] = (value, found)
        return found

    return remembered
