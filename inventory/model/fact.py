"""Not knowing is a value: a fact is known, or unknown with its reason.

A :class:`FactKey` names one thing that can be known of a server and the type of its value, so that
a reader, a rule and a report that use the same key agree on the type. Keys that many sources
share are in :mod:`inventory.model.facts`; a collector's file may make its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

T = TypeVar("T")


class Reason(Enum):
    """Why something is unknown."""

    NOT_ASKED = "not asked"
    """No source was asked yet."""
    NOT_TOLD = "not told"
    """The source was asked and did not say."""
    NEEDS_PRIVILEGE = "needs privilege"
    """The account that asked may not see it."""
    UNREACHABLE = "unreachable"
    """The server did not answer, or broke off before it had said this."""
    TIMED_OUT = "timed out"
    """The question took longer than its limit."""
    UNREADABLE = "unreadable"
    """There was an answer that could not be understood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known(Generic[T]):
    """A fact that is known."""

    value: T


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """A fact that is not known, and why."""

    reason: Reason
    detail: str = ""
    """What exactly stood in the way, for people."""

    def __str__(self) -> str:
        """Say ``unknown: reason (detail)``."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"unknown: {self.reason.value}{detail}"


Fact = Known[T] | Unknown
_NEVER_ASKED: Final = Unknown(reason=Reason.NOT_ASKED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a fact comes from: the evidence for it."""

    source: str
    """Who told it: a target such as ``ssh://root@web-1:22``, or an imported file."""
    question: str
    """What was asked: the collector's name, or the column of the file."""
    at: datetime
    """When it was told; aware, UTC."""
    run: str
    """Identifier of the run that recorded it; the raw answer is kept under it."""


@dataclass(frozen=True, kw_only=True)
class FactKey(Generic[T]):
    """One thing that can be known of a server."""

    name: str
    """Dotted and lower case, with its unit last: ``memory.total_bytes``."""
    kind: Any
    """The type of its value, as the store reads it back: ``int``, ``tuple[Disk, ...]`` …"""
    help: str
    """One line for people."""

    def known(self, value: T) -> Observation:
        """State that this is known."""
        return Observation(key=self, fact=Known(value=value))

    def unknown(self, reason: Reason, detail: str = "") -> Observation:
        """State that this is unknown, and why."""
        return Observation(key=self, fact=Unknown(reason=reason, detail=detail))

    def known_or(self, value: T | None, reason: Reason, detail: str = "") -> Observation:
        """State that this is known, or unknown for ``reason`` when ``value`` is None."""
        return self.unknown(reason, detail) if value is None else self.known(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One statement about a server; its origin is added by whoever asked."""

    key: FactKey[Any]
    fact: Fact[Any]
    origin: Origin | None = None
    beside: Beside | None = None
    """What else was stated of it, where several sources tell of the server."""

    @property
    def rivals(self) -> tuple[Observation, ...]:
        """The other statements of the same, those first that would be preferred first."""
        return self.beside.rivals if self.beside else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """The statements to which one was preferred."""

    why: str
    """Why it was, in words."""
    rivals: tuple[Observation, ...]
    conflicts: tuple[Observation, ...] = ()
    """Those of the rivals that know otherwise, and are not much older."""


@dataclass(frozen=True)
class Facts(Mapping[str, Observation]):
    """What is known of one server: the observation for each key's name.

    ``facts.of(KEY)`` never fails: what was never asked is unknown.
    """

    observations: Mapping[str, Observation] = field(default_factory=dict)

    @classmethod
    def from_observations(cls, observations: Iterable[Observation]) -> Facts:
        """Hold the last observation given for each key."""
        return cls({each.key.name: each for each in observations})

    def of(self, key: FactKey[T]) -> Fact[T]:
        """Return the fact for ``key``; unknown (not asked) when there is none."""
        observation = self.observations.get(key.name)
        return _NEVER_ASKED if observation is None else observation.fact

    def value(self, key: FactKey[T]) -> T | None:
        """Return the known value, or None when it is unknown.

        For showing only: a judgement must look at :meth:`of` and say what it does with unknown.
        """
        fact = self.of(key)
        return fact.value if isinstance(fact, Known) else None

    def updated(self, newer: Iterable[Observation]) -> Facts:
        """Return these facts with newer ones laid over them.

        A newer unknown does not erase an older known value: its origin still says when it was
        learnt.
        """
        merged = dict(self.observations)
        for each in newer:
            older = merged.get(each.key.name)
            if older and isinstance(older.fact, Known) and isinstance(each.fact, Unknown):
                continue
            merged[each.key.name] = each
        return Facts(merged)

    def __getitem__(self, name: str) -> Observation:
        return self.observations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)
