"""What a comparison of two databases speaks of: tables, sums of their rows, differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Place = tuple[str, ...]
"""Where in a table a side has got to, in words of its own. The empty one is the beginning."""

START: Place = ()


class CannotTellError(Exception):
    """Why something cannot be compared, in words for people and without any secret."""


class LostError(CannotTellError):
    """The connection broke, or time ran out: a later run carries on from here."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column, as its database describes it."""

    name: str
    type: str
    puzzle: str = ""
    """Why its text cannot be relied on between these two versions; empty when it can."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, as its database describes it."""

    name: str
    """With its schema: ``public.orders``."""
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Columns that name a row: the primary key, or a unique one that is never null."""
    weight: int = 0
    """A rough measure of its size: some hundred rows count as one."""
    why_not: str = ""
    """Why it cannot be compared at all; empty when it can."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a database holds at the moment that is compared."""

    tables: Mapping[str, Table]
    sequences: Mapping[str, int | None] = field(default_factory=dict)
    """Name → the value that was given last; None when none was given yet."""
    downward: frozenset[str] = frozenset()
    """Sequences that count downward."""
    extensions: Mapping[str, str] = field(default_factory=dict)
    """Name → version."""
    aside: tuple[str, ...] = ()
    """What is not compared, each with the reason; it does not hinder passing."""
    untold: tuple[str, ...] = ()
    """What should be compared and cannot be, each with the reason."""


@dataclass(frozen=True, kw_only=True)
class How:
    """How the rows of one table are summed up, alike on both sides."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """Columns that name a row; empty when none do, and whole rows are compared."""
    plain_key: bool = False
    """Whether the key is one column, of the same type on both sides."""
    method: str
    """Name of the hash, which both sides compute alike."""
    seed: int
    """Makes the hashes of this comparison unlike those of any other."""
    buckets: int
    """A power of two. Rows are sorted into buckets by the hash of their key."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Rows and hashes, summed up by bucket."""

    buckets: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Bucket → number of rows, and the sum of their hashes."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(rows for rows, _ in self.buckets.values())

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        joined = dict(self.buckets)
        for bucket, (rows, total) in other.buckets.items():
            had_rows, had_total = joined.get(bucket, (0, 0))
            joined[bucket] = (had_rows + rows, had_total + total)
        return Tally(buckets=joined)

    def differing(self, other: Tally) -> tuple[int, ...]:
        """Name the buckets that are not the same in both."""
        names = sorted({*self.buckets, *other.buckets})
        return tuple(each for each in names if self.buckets.get(each) != other.buckets.get(each))


@dataclass(frozen=True, kw_only=True)
class Member:
    """One row, by its key and its hashes; its values stay where they are."""

    key: tuple[str, ...]
    """Text of each key column; empty where no columns name a row."""
    row: int
    """Hash of the whole row."""
    columns: tuple[int, ...]
    """Hash of each column's value, in the order of ``How.columns``."""


class Fault(Enum):
    """What is wrong with a row of the new database."""

    MISSING = "missing"
    EXTRA = "not in the old one"
    CHANGED = "another value"


@dataclass(frozen=True, kw_only=True)
class RowDifference:
    """One row that is not the same on both sides."""

    key: Mapping[str, str]
    """Key column → its value as text; empty where no columns name a row."""
    fault: Fault
    columns: tuple[str, ...] = ()
    """Columns that hold another value."""


@dataclass(frozen=True, kw_only=True)
class TableResult:
    """What the comparison of one table came to."""

    name: str
    old_rows: int | None = None
    """None when it was not counted."""
    new_rows: int | None = None
    keyed: bool = True
    remembered: bool = False
    """Whether it was compared by an earlier run, of exactly the same moment of both databases."""
    differences: tuple[RowDifference, ...] = ()
    """The first ones."""
    differing: int = 0
    """How many rows differ; at the least, when not ``counted``."""
    missing: int = 0
    """How many of them the new database lacks."""
    counted: bool = True
    structure: tuple[str, ...] = ()
    """What is wrong with the table itself, in words."""
    untold: str = ""
    """Why it cannot be told; empty when it can."""

    @property
    def same(self) -> bool:
        """Whether it was compared whole, and no difference was found."""
        return not (self.differing or self.structure or self.untold)
