"""A table of an export: its header, and its rows one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath

from inventory.model.imported import Where

Cell = str | int | float | bool | datetime | date | time | timedelta | None
"""As the file types it; delimited text holds str alone. None and the empty text are empty."""

Row = tuple[int, tuple[Cell, ...]]
"""The row's number, as a spreadsheet counts from 1, and its cells; short rows are filled up."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One sheet, or one file of delimited text."""

    file: str
    name: str
    """The sheet's; of delimited text the file's name without its ending."""
    header: tuple[str, ...]
    """The first row that looks like one, trimmed."""
    decimal_comma: bool = False
    """Whether its numbers are written as 1.234,5."""
    read: Callable[[], Iterator[Row]]
    """Yield the rows below the header that hold anything."""
    _places: dict[str, int] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Remember where each column stands; of two of one name, the first."""
        for place, title in enumerate(self.header):
            self._places.setdefault(plain(title), place)

    def place(self, *titles: str) -> int | None:
        """Return where the first of these columns that is there stands; None when none is.

        Case, blanks and punctuation of a title do not count.
        """
        return next(
            (self._places[each] for each in map(plain, titles) if each in self._places), None
        )

    def where(self, row: int | None = None) -> Where:
        """Return the place of a row; delimited text has no sheet."""
        sheet = None if PurePosixPath(self.file).stem == self.name else self.name
        return Where(file=self.file, sheet=sheet, row=row)


def plain(title: str) -> str:
    """Return a column's title without case, blanks and punctuation: ``OS Version`` → osversion."""
    return re.sub(r"[\W_]+", "", title.casefold())
