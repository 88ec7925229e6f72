"""A comparison of two made databases: what is remembered, what is cut off, what is never passed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sights import HeldMemory

from migrate.data.comparing import Scope
from migrate.data.databases import Comparing, compare_databases
from migrate.data.model import (
    CannotTellError,
    Catalogue,
    Column,
    Fault,
    How,
    LostError,
    Member,
    Place,
    Table,
    Tally,
)
from migrate.data.pace import Load
from migrate.data.side import Described, Side

PART = 3


@dataclass
class Made:
    """A side whose rows a test gives: key → value. It reads three rows a part."""

    name: str
    rows: dict[int, int]
    moment: str | None = "then"
    weight: int = 0
    asked: int = 0
    fails: Callable[[int], Exception | None] = lambda _: None
    written_to: tuple[str, ...] = ()
    keyed: bool = True
    extra: dict[str, Table] = field(default_factory=dict)

    @property
    def described(self) -> Described:
        """Say which it is."""
        return Described(
            engine="made", version=1, database=self.name, identity=self.name, moment=self.moment
        )

    def is_same(self, other: Side) -> bool:
        """Go by the name."""
        return other.described.identity == self.name

    def catalogue(self, other: Described) -> Catalogue:
        """Hold one table."""
        del other
        columns = (Column(name="id", type="int"), Column(name="v", type="int"))
        key = ("id",) if self.keyed else ()
        table = Table(name="t", columns=columns, key=key, weight=self.weight)
        return Catalogue(tables={"t": table, **self.extra})

    def methods(self) -> Sequence[tuple[str, str]]:
        """Compute one hash."""
        return [("hash", "probe")]

    def tally(self, how: How, place: Place, size: float) -> tuple[Tally, Place | None]:
        """Sum up a part."""
        del size
        part, following = self._part(place)
        found = Tally()
        for key, value in part:
            row = hash((how.seed, key, value))
            found = found.plus(Tally(buckets={self._bucket(how, key, value): (1, row)}))
        return found, following

    def members(
        self, how: How, buckets: Sequence[int], place: Place, size: float
    ) -> tuple[Sequence[Member], Place | None]:
        """Return the rows of some buckets."""
        del size
        part, following = self._part(place)
        return [
            Member(
                key=(str(key),) if how.key else (),
                row=hash((how.seed, key, value)),
                columns=(hash(key), hash(value)) if how.key else (),
            )
            for key, value in part
            if self._bucket(how, key, value) in buckets
        ], following

    def written(self) -> Sequence[str]:
        """Say what a test gives."""
        return self.written_to

    def close(self) -> None:
        """Hold nothing."""

    def _bucket(self, how: How, key: int, value: int) -> int:
        return hash((how.seed, key, None if how.key else value)) & (how.buckets - 1)

    def _part(self, place: Place) -> tuple[list[tuple[int, int]], Place | None]:
        self.asked += 1
        error = self.fails(self.asked)
        if error:
            raise error
        start = int(place[0]) if place else 0
        rows = list(self.rows.items())[start : start + PART]
        following = (str(start + PART),) if start + PART < len(self.rows) else None
        return rows, following


def compare(old: Made, new: Made, memory: HeldMemory | None = None) -> Comparing:
    """Compare two made sides."""
    return compare_databases(
        old,
        new,
        scope=Scope(),
        load=Load(part_seconds=1, pause_seconds=0, until=time.monotonic() + 60),
        memory=memory or HeldMemory(),
        key="test",
    )


ROWS = st.dictionaries(st.integers(0, 40), st.integers(0, 3), max_size=30)


@given(before=ROWS, after=ROWS, keyed=st.booleans(), weight=st.integers(0, 64))
def test_exactly_the_rows_that_differ_are_found(
    before: dict[int, int], after: dict[int, int], *, keyed: bool, weight: int
) -> None:
    """Whatever two tables hold, they are the same only if they are, and each fault is counted."""
    old = Made("old", before, keyed=keyed, weight=weight)
    (table,) = compare(old, Made("new", after, keyed=keyed, weight=weight)).tables
    missing = before.keys() - after.keys()
    extra = after.keys() - before.keys()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert table.same is (before == after)
    assert (table.old_rows, table.new_rows) == (len(before), len(after))
    if keyed:
        assert table.differing == len(missing | extra | changed)
        assert table.missing == len(missing)
        named = {(int(each.key["id"]), each.fault) for each in table.differences}
        assert named <= {
            *((key, Fault.MISSING) for key in missing),
            *((key, Fault.EXTRA) for key in extra),
            *((key, Fault.CHANGED) for key in changed),
        }
    else:
        assert table.differing == len(missing) + len(extra) + 2 * len(changed)


@given(ROWS.filter(lambda rows: len(rows) > PART), st.integers(1, 8), st.integers(0, 64))
def test_a_comparison_cut_anywhere_ends_as_if_it_never_was(
    rows: dict[int, int], cut: int, weight: int
) -> None:
    """Cut off at any part, with sizes guessed otherwise the next time, it ends with the truth."""
    memory = HeldMemory()
    lost: Callable[[int], Exception | None] = lambda asked: (  # noqa: E731 - one line each
        LostError("cut") if asked == cut else None
    )
    wrong = dict(rows)
    wrong[next(iter(rows))] += 1
    for after, same in ((rows, True), (wrong, False)):
        memory.kept.clear()
        compare(Made("old", rows, fails=lost), Made("new", after), memory)
        found = compare(Made("old", rows, weight=weight), Made("new", after), memory)
        assert found.tables[0].same is same
        assert not found.tables[0].untold


@pytest.mark.parametrize("side", ["old", "new"])
@pytest.mark.parametrize("moment", ["later", None])
def test_another_moment_begins_anew(side: str, moment: str | None) -> None:
    """What was found of another moment of either side, or of none, is not looked at."""
    rows = dict.fromkeys(range(9), 1)
    memory = HeldMemory()
    assert not compare(Made("old", rows), Made("new", rows), memory).tables[0].remembered
    assert compare(Made("old", rows), Made("new", rows), memory).tables[0].remembered
    wrong = {**rows, 4: 2}
    sides = {"old": Made("old", rows), "new": Made("new", rows)}
    sides[side] = Made(side, wrong, moment=moment)
    found = compare(sides["old"], sides["new"], memory)
    assert not found.tables[0].remembered
    assert not found.tables[0].same


def test_when_one_side_is_lost_the_rest_is_unknown_and_says_why() -> None:
    """After a connection broke, no table that was not compared counts."""
    table = Table(name="u", columns=(Column(name="id", type="int"),))
    broken = Made("old", {1: 1}, fails=lambda _: LostError("cut"), extra={"u": table})
    found = compare(broken, Made("new", {1: 1}, extra={"u": table}))
    assert [each.untold for each in found.tables] == ["cut", "cut"]


def test_two_sides_that_hash_otherwise_are_not_compared() -> None:
    """Without a hash that both compute alike, nothing is compared."""

    class Other(Made):
        def methods(self) -> Sequence[tuple[str, str]]:
            return [("hash", "something else")]

    with pytest.raises(CannotTellError, match="share no hash"):
        compare(Made("old", {}), Other("new", {}))
