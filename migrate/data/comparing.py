"""Compare two databases table by table: sums of buckets first, then the rows of those that differ.

Each side sums up its own rows where they lie, by buckets of their keys, in whatever order suits it:
neither order nor collation need agree. Only of buckets that differ are rows asked for, and then
their keys and hashes, never their values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from threading import Event
from typing import TypeVar

from migrate.data.model import (
    START,
    CannotTellError,
    Catalogue,
    How,
    LostError,
    Member,
    Place,
    Table,
    TableResult,
    Tally,
)
from migrate.data.pace import Load, Pace
from migrate.data.pairing import pair
from migrate.data.progress import Half, Notebook, Progress
from migrate.data.side import Side

T = TypeVar("T")

_MOST_BUCKETS = 4096
_ROWS_LOOKED_INTO = 100_000
"""How many rows of differing buckets are looked into to name the ones that differ."""
_KEEP_SECONDS = 15


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is compared."""

    leave_out: tuple[str, ...] = ()
    """Patterns of table names."""
    expected_new: tuple[str, ...] = ()
    """Patterns of tables that only the new database need have."""

    def leaves_out(self, name: str) -> bool:
        """Tell whether a table is left out."""
        return any(fnmatchcase(name, each) for each in self.leave_out)

    def expects(self, name: str) -> bool:
        """Tell whether a table may be in the new database alone."""
        return any(fnmatchcase(name, each) for each in self.expected_new)


@dataclass
class Comparison:
    """A comparison of two databases, as it goes on."""

    old: Side
    new: Side
    method: str
    load: Load
    notebook: Notebook
    progress: Progress
    _kept_at: float = 0.0

    def table(self, old: Table, new: Table) -> TableResult:
        """Compare one table.

        Raises:
            LostError: a connection broke or time ran out; what was found so far is kept.

        """
        puzzle = _puzzle(old, new)
        if puzzle:
            return TableResult(name=old.name, untold=puzzle)
        structure = _structure(old, new)
        how = self._how(old, new)
        if old.name in self.progress.same and not structure:
            rows = self.progress.same[old.name]
            return TableResult(
                name=old.name, old_rows=rows, new_rows=rows, remembered=True, keyed=bool(how.key)
            )
        try:
            return self._compared(how, structure)
        except LostError:
            self.notebook.write(self.progress)
            raise
        except CannotTellError as error:
            return TableResult(name=old.name, structure=structure, untold=str(error))

    def _compared(self, how: How, structure: tuple[str, ...]) -> TableResult:
        old, new = self._tallies(how)
        differing = old.differing(new)
        result = TableResult(
            name=how.table,
            old_rows=old.rows,
            new_rows=new.rows,
            keyed=bool(how.key),
            structure=structure,
        )
        if differing:
            return self._look_into(how, result, old, new, differing)
        self.progress.table = ""
        if not structure:
            self.progress.same[how.table] = old.rows
        if time.monotonic() - self._kept_at > _KEEP_SECONDS:
            self._kept_at = time.monotonic()
            self.notebook.write(self.progress)
        return result

    def _tallies(self, how: How) -> tuple[Tally, Tally]:
        if self.progress.table != how.table:
            self.progress.table, self.progress.halves = how.table, (Half(), Half())
            self.progress.buckets = how.buckets
        halves = self.progress.halves
        self._both(
            lambda pace: _sum_up(self.old, how, halves[0], pace),
            lambda pace: _sum_up(self.new, how, halves[1], pace),
        )
        return halves[0].tally, halves[1].tally

    def _look_into(
        self, how: How, result: TableResult, old: Tally, new: Tally, differing: Sequence[int]
    ) -> TableResult:
        some = _some(old, new, differing)
        before, after = self._both(
            lambda pace: _gather(self.old, how, some, pace),
            lambda pace: _gather(self.new, how, some, pace),
        )
        self.progress.table = ""
        found = pair(how, before, after)
        if not found.differing:
            return replace(result, untold="its sums differ, and no row that differs was found")
        whole = len(some) == len(differing)
        return replace(
            result,
            differences=found.first,
            differing=found.differing,
            missing=found.missing,
            counted=whole,
        )

    def _both(self, old: Callable[[Pace], T], new: Callable[[Pace], T]) -> tuple[T, T]:
        stop = Event()

        def run(work: Callable[[Pace], T]) -> T:
            try:
                return work(Pace(load=self.load, stop=stop))
            except BaseException:
                stop.set()
                raise

        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(run, old), pool.submit(run, new)]
        errors = [each.exception() for each in futures]
        for error in sorted((each for each in errors if each), key=_echo):
            raise error
        return futures[0].result(), futures[1].result()

    def _how(self, old: Table, new: Table) -> How:
        names = {each.name for each in new.columns}
        common = tuple(sorted(each.name for each in old.columns if each.name in names))
        key = old.key if set(old.key) <= set(common) else ()
        types = [{each.name: each.type for each in table.columns} for table in (old, new)]
        return How(
            table=old.name,
            columns=common,
            key=key,
            plain_key=len(key) == 1 and types[0][key[0]] == types[1][key[0]],
            method=self.method,
            seed=self.progress.seed,
            buckets=self._buckets(old),
        )

    def _buckets(self, table: Table) -> int:
        """Return a power of two that suits the size; where a run was cut off, the one it had."""
        if self.progress.table == table.name:
            return self.progress.buckets
        return min(1 << table.weight.bit_length(), _MOST_BUCKETS)


def agreed_method(old: Side, new: Side) -> str:
    """Return the best hash that both sides compute alike.

    Raises:
        CannotTellError: there is none.

    """
    theirs = dict(new.methods())
    for method, probe in old.methods():
        if theirs.get(method) == probe:
            return method
    raise CannotTellError("the two databases share no hash that both compute alike")


def named_apart(old: Catalogue, new: Catalogue, scope: Scope) -> tuple[list[str], list[str]]:
    """Return the tables that only the old database has, and those that only the new one has."""
    missing = [each for each in old.tables if each not in new.tables and not scope.leaves_out(each)]
    extra = [
        each
        for each in new.tables
        if each not in old.tables and not scope.leaves_out(each) and not scope.expects(each)
    ]
    return sorted(missing), sorted(extra)


def _sum_up(side: Side, how: How, half: Half, pace: Pace) -> None:
    while half.place is not None:
        pace.go_on()
        begun = time.monotonic()
        part, half_place = side.tally(how, half.place, pace.size)
        half.tally, half.place = half.tally.plus(part), half_place
        pace.took(time.monotonic() - begun)


def _gather(side: Side, how: How, buckets: Sequence[int], pace: Pace) -> list[Member]:
    found: list[Member] = []
    place: Place | None = START
    while place is not None:
        pace.go_on()
        begun = time.monotonic()
        part, place = side.members(how, buckets, place, pace.size)
        found += part
        pace.took(time.monotonic() - begun)
    return found


def _some(old: Tally, new: Tally, differing: Sequence[int]) -> list[int]:
    """Return as many of the differing buckets as can be looked into; one at the least."""
    some: list[int] = []
    rows = 0
    for bucket in differing:
        rows += max(old.buckets.get(bucket, (0, 0))[0], new.buckets.get(bucket, (0, 0))[0])
        if some and rows > _ROWS_LOOKED_INTO:
            break
        some.append(bucket)
    return some


def _puzzle(old: Table, new: Table) -> str:
    for side, table in (("old", old), ("new", new)):
        if table.why_not:
            return f"{table.why_not} ({side} database)"
    names = {each.name for each in old.columns} & {each.name for each in new.columns}
    if not names:
        return "the two have no column in common"
    for each in (*old.columns, *new.columns):
        if each.puzzle and each.name in names:
            return f"column {each.name} ({each.type}): {each.puzzle}"
    return ""


def _structure(old: Table, new: Table) -> tuple[str, ...]:
    before = [each.name for each in old.columns]
    after = [each.name for each in new.columns]
    return (
        *(f"column {each} is missing" for each in before if each not in after),
        *(f"column {each} is not in the old one" for each in after if each not in before),
    )


def _echo(error: BaseException) -> bool:
    """Tell an error that only echoes the other side's, so that it is raised last."""
    return isinstance(error, LostError) and "gave up" in str(error)
