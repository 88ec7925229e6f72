"""Rows of tables, as migration tools of clouds read and write them → statements, by the cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from inventory.errors import BadInputError
from inventory.model.fact import Observation
from inventory.model.imported import Stated, Unread, Where
from inventory.reading import values
from inventory.reading.export import Export, File, Kind
from inventory.reading.table import Cell, Table

T = TypeVar("T")
KIB: Final = 1 << 10
MIB: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where the columns that are read stand in one table; found once for all its rows."""

    table: Table
    places: Mapping[str, int]
    """By our name of the column."""

    @classmethod
    def of(cls, table: Table, titles: Iterable[str], prefixes: tuple[str, ...] = ("",)) -> Columns:
        """Find the columns of these titles, which may stand behind a prefix."""
        found = ((each, table.place(*(f"{one}{each}" for one in prefixes))) for each in titles)
        return cls(table=table, places={each: place for each, place in found if place is not None})

    def entries(self) -> Iterator[Entry]:
        """Yield the rows."""
        for number, cells in self.table.read():
            yield Entry(columns=self, cells=cells, where=self.table.where(number))


@dataclass(kw_only=True)
class Entry:
    """One row, and what was understood of it so far."""

    columns: Columns
    cells: tuple[Cell, ...]
    where: Where
    stated: list[Stated] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def read(self, column: str, reader: Callable[[Cell], T | None]) -> T | None:
        """Return what a column holds; None where it is not there, empty or cannot be understood."""
        place = self.columns.places.get(column)
        if place is None or self.cells[place] is None:
            return None
        try:
            return reader(self.cells[place])
        except ValueError as error:
            self._complain(column, error)
            return None

    def text(self, column: str) -> str | None:
        """Return a text."""
        return self.read(column, values.text)

    def parts(self, column: str, separators: str) -> tuple[str, ...]:
        """Return the parts of a cell that holds several values."""
        return self.read(column, lambda cell: values.listed(cell, separators)) or ()

    def whole(self, column: str) -> int | None:
        """Return a count."""
        comma = self.columns.table.decimal_comma
        return self.read(column, lambda cell: values.whole(cell, decimal_comma=comma))

    def number(self, column: str) -> float | None:
        """Return a measure."""
        comma = self.columns.table.decimal_comma
        return self.read(column, lambda cell: values.number(cell, decimal_comma=comma))

    def title(self, column: str) -> str:
        """Return what the table calls a column."""
        return self.columns.table.header[self.columns.places[column]]

    def say(self, column: str, *observations: Observation) -> None:
        """State what a column tells."""
        title = self.title(column)
        self.stated += [Stated(column=title, observation=each) for each in observations]

    def try_to_say(self, column: str, tell: Callable[[], Iterator[Observation]]) -> None:
        """State what a column tells, unless it cannot be understood (ValueError)."""
        try:
            observations = tuple(tell())
        except ValueError as error:
            self._complain(column, error)
        else:
            self.say(column, *observations)

    def _complain(self, column: str, error: ValueError) -> None:
        unread = Unread(why=f"{self.title(column)}: {error}", where=self.where)
        if unread not in self.unread:  # a cell may be looked at more than once
            self.unread.append(unread)


def tables_of(export: Export) -> Iterator[Table]:
    """Yield the tables of the files that hold any, passing over those that cannot be opened.

    For recognising alone: reading tells what is wrong with them.
    """
    for file in export.files:
        if file.kind in {Kind.DELIMITED, Kind.WORKBOOK}:
            yield from _tables(file)


def _tables(file: File) -> tuple[Table, ...]:
    try:
        return tuple(file.tables())
    except BadInputError:
        return ()
