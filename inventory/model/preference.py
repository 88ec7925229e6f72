"""Which of several sources' statements of one fact is shown, and why.

A known value goes before an unknown one. Among those that know, whoever is nearest to the server
goes first, unless what it told is much older than what another told; then the newest. What is as
near and as new is put in order by its source's name, so that the choice is the same each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from inventory.model.alike import alike, comparable
from inventory.model.fact import Beside, Known, Observation
from inventory.model.nearness import Nearness

MUCH_OLDER: Final = timedelta(days=35)
"""How much older than the newest statement a nearer one may be. Exports are made and servers
patched monthly: what has missed a whole round, and some days, says how it was before it."""
_EPOCH: Final = datetime.min.replace(tzinfo=UTC)
"""When a statement without an origin was told: before all others."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What one source says of one fact."""

    observation: Observation
    nearness: Nearness

    @property
    def at(self) -> datetime:
        """When it was told."""
        return self.observation.origin.at if self.observation.origin else _EPOCH

    @property
    def source(self) -> str:
        """Who told it; empty when that is not known."""
        return self.observation.origin.source if self.observation.origin else ""

    @property
    def is_known(self) -> bool:
        """Whether it says a value."""
        return isinstance(self.observation.fact, Known)


@dataclass(frozen=True, kw_only=True)
class Preferred:
    """The statement that holds, and those beside it."""

    observation: Observation
    why: str
    """Why this one, in words."""
    others: tuple[Statement, ...] = ()
    """In the order in which they would be preferred."""
    conflicts: tuple[Statement, ...] = ()
    """Those of the others that know otherwise, and are not much older."""


def prefer(statements: Iterable[Statement]) -> Preferred:
    """Choose between statements of one fact, of which there is at least one.

    The order in which they are given has no influence.
    """
    given = tuple(statements)
    newest = max(each.at for each in given if each.is_known or not _any_known(given))
    ordered = _ordered(given, newest)
    first, others = ordered[0], tuple(ordered[1:])
    return Preferred(
        observation=first.observation,
        why=_why(first, others),
        others=others,
        conflicts=tuple(each for each in others if _conflict(first, each, newest)),
    )


def preferred(statements: Sequence[Statement]) -> Observation:
    """Return the statement that is preferred, with the others beside it when there are any."""
    if len(statements) == 1:
        return statements[0].observation
    chosen = prefer(statements)
    beside = Beside(
        why=chosen.why,
        rivals=tuple(each.observation for each in chosen.others),
        conflicts=tuple(each.observation for each in chosen.conflicts),
    )
    return replace(chosen.observation, beside=beside)


def _any_known(statements: tuple[Statement, ...]) -> bool:
    return any(each.is_known for each in statements)


def _ordered(given: tuple[Statement, ...], newest: datetime) -> list[Statement]:
    """Return the statements, the preferred one first."""
    ranks = [(_rank(each, newest), each) for each in given]
    if len({rank for rank, _ in ranks}) == len(ranks):
        return [each for _, each in sorted(ranks, key=lambda one: one[0])]
    # To write out a long value takes long, and is seldom needed.
    told = [(rank, repr(each.observation.fact), each) for rank, each in ranks]
    return [each for *_, each in sorted(told, key=lambda one: one[:2])]


def _rank(each: Statement, newest: datetime) -> tuple[object, ...]:
    question = each.observation.origin.question if each.observation.origin else ""
    return (
        not each.is_known,
        _is_much_older(each, newest),
        each.nearness,
        newest - each.at,
        each.source,
        question,
    )


def _is_much_older(each: Statement, newest: datetime) -> bool:
    return newest - each.at > MUCH_OLDER


def _conflict(first: Statement, other: Statement, newest: datetime) -> bool:
    key, one, two = first.observation.key, first.observation.fact, other.observation.fact
    if not (isinstance(one, Known) and isinstance(two, Known)) or _is_much_older(other, newest):
        return False
    return comparable(key, one.value) and not alike(key, one.value, two.value)


def _why(first: Statement, others: tuple[Statement, ...]) -> str:
    if not first.is_known:
        return "nobody knows"
    knowing = [each for each in others if each.is_known]
    if not knowing:
        return "nobody else tells it" if not others else "the only one that knows"
    nearest = min(each.nearness for each in knowing)
    if first.nearness < nearest:
        return f"{first.nearness.value}, which is nearer than {nearest.value}"
    if nearest < first.nearness:
        older = min(first.at - each.at for each in knowing if each.nearness is nearest)
        return f"{older.days} days newer than what {nearest.value} told"
    next_at = max(each.at for each in knowing if each.nearness is first.nearness)
    if next_at < first.at:
        return f"the newest told by {first.nearness.value}"
    return "as near and as new as the next; the first by name"
