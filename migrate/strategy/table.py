"""The decision table: rows in order, of which the first that holds decides. Pure.

A row holds when each of its conditions does. What is unknown holds no condition; a row of which
nothing is false and something unknown is *open*: it would decide if that were known to be so. What
is unknown never retires anything: a row that retires does not decide while an earlier row that
would keep the application is open.

A row that leads to one cloud asks about that cloud. A row that leads to either holds where at least
one cloud satisfies it. Any other row holds where every cloud does: an application stays because no
cloud can take it, not because one cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final

from inventory.model.fact import Unknown
from migrate.model.plan import Destination
from migrate.model.strategy import OpenRow, Strategy
from migrate.model.verdict import Cloud, Severity
from migrate.strategy.inputs import WHOLE

if TYPE_CHECKING:
    from migrate.strategy.inputs import Inputs

EITHER: Final = (Destination.AWS, Destination.AZURE)
_CLOUDS: Final = {Destination.AWS: Cloud.AWS, Destination.AZURE: Cloud.AZURE}


class Truth(Enum):
    """Whether a condition holds."""

    TRUE = 3
    OPEN = 2
    """It depends on something unknown."""
    FALSE = 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the decision table."""

    id: str
    when: Mapping[str, tuple[str, ...]]
    """Input → the words of which one must hold."""
    strategy: Strategy
    destinations: tuple[Destination, ...]
    reason: str
    source: str
    source_date: date
    example: Mapping[str, tuple[str, ...]]
    """Known inputs of an application that this row decides."""
    confirm: str = ""
    verified: bool = True
    """False when the source itself is unsure."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table, and what it is made of besides its rows."""

    rows: tuple[Row, ...]
    rules: Mapping[str, Mapping[str, Severity]]
    """Input that rules tell → rule → how weighty its finding must be, at least, to make it
    ``yes``."""
    managed: Mapping[Cloud, Mapping[str, str]]
    """Cloud → software → its managed service."""
    version: str
    """Short digest of the file."""
    origin: str
    """Where it was read, for people: ``shipped``, or the file."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """The row that decides, for which destinations, and which earlier rows are open."""

    row: Row | None
    destinations: tuple[Destination, ...]
    open_rows: tuple[OpenRow, ...]
    held_back: Row | None = None
    """A row that would retire the application if no earlier one were open that keeps it."""


def decide(rows: Sequence[Row], by_cloud: Mapping[Cloud, Inputs]) -> Match:
    """Return the first row that holds. ``by_cloud`` has the inputs as each cloud has them."""
    opened: list[OpenRow] = []
    for row in rows:
        truth, destinations, unknown = _apply(row, by_cloud)
        if truth is Truth.TRUE and _would_hide_a_keeper(row, opened):
            return Match(row=None, destinations=(), open_rows=tuple(opened), held_back=row)
        if truth is Truth.TRUE:
            return Match(row=row, destinations=destinations, open_rows=tuple(opened))
        if truth is Truth.OPEN:
            opened.append(OpenRow(row=row.id, strategy=row.strategy, inputs=unknown))
    return Match(row=None, destinations=(), open_rows=tuple(opened))


def _would_hide_a_keeper(row: Row, opened: Sequence[OpenRow]) -> bool:
    """Tell whether a row retires what something unknown may yet keep."""
    keepers = any(each.strategy is not Strategy.RETIRE for each in opened)
    return row.strategy is Strategy.RETIRE and keepers


def _apply(
    row: Row, by_cloud: Mapping[Cloud, Inputs]
) -> tuple[Truth, tuple[Destination, ...], tuple[str, ...]]:
    clouds = [each for each in row.destinations if each in _CLOUDS]
    asked = [_CLOUDS[each] for each in clouds] if clouds else list(by_cloud)
    found = {each: _holds(row, by_cloud[each]) for each in asked if each in by_cloud}
    truths = [truth for truth, _ in found.values()]
    whole = (max if clouds else min)(truths, key=lambda each: each.value, default=Truth.FALSE)
    unknown = {name for truth, names in found.values() if truth is Truth.OPEN for name in names}
    destinations = tuple(
        each
        for each in row.destinations
        if each not in _CLOUDS or found.get(_CLOUDS[each], (Truth.FALSE, ()))[0] is Truth.TRUE
    )
    return whole, destinations, tuple(name for name in row.when if name in unknown)


def _holds(row: Row, inputs: Inputs) -> tuple[Truth, tuple[str, ...]]:
    """Tell whether a row holds, and which unknown inputs that hangs on."""
    unknown = []
    for name, accepted in row.when.items():
        value = inputs[name]
        if isinstance(value, Unknown):
            unknown.append(name)
        elif not _satisfies(name, value.value, accepted):
            return Truth.FALSE, ()
    return (Truth.OPEN, tuple(unknown)) if unknown else (Truth.TRUE, ())


def _satisfies(name: str, words: frozenset[str], accepted: Sequence[str]) -> bool:
    if name in WHOLE:
        return bool(words) and words <= set(accepted)
    return not words.isdisjoint(accepted)
