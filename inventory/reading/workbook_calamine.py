"""Calamine, the reader of workbooks: a sheet's rows, with what merged and faulty cells say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from inventory.errors import BadInputError
from inventory.reading.table import Row

Faults = Mapping[tuple[int, int], str]
"""Row and column, from 0 → the error that stands there, which the reader gives as empty."""


def open_workbook(name: str, held: IO[bytes] | str) -> CalamineWorkbook:
    """Open a workbook: its bytes, or its path, by whose ending its kind is told.

    Raises:
        BadInputError: it is damaged, or protected by a password.

    """
    try:
        return CalamineWorkbook.from_object(held)
    except PasswordError as error:
        raise protected(name) from error
    except BaseException as error:
        raise _damaged(name, error) from error


def sheets_of(workbook: CalamineWorkbook) -> tuple[str, ...]:
    """Return the names of the sheets that hold cells, hidden ones too."""
    return tuple(
        each.name
        for each in workbook.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet  # which is not hashable
    )


def sheet_of(name: str, workbook: CalamineWorkbook, title: str) -> CalamineSheet:
    """Read a sheet into memory.

    Raises:
        BadInputError: it is damaged.

    """
    try:
        return workbook.get_sheet_by_name(title)
    except BaseException as error:
        raise _damaged(f"{name}: {title}", error) from error


def protected(name: str) -> BadInputError:
    """Return what to raise on a workbook that cannot be read without its password."""
    return BadInputError(
        f"{name}: it is protected by a password",
        hint="open it, save it without the password, and import that",
    )


def _damaged(name: str, error: BaseException) -> BaseException:
    """Return what to raise: a panic of the reader is no subclass of Exception."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)):
        return error
    return BadInputError(
        f"{name}: it is no workbook that can be read: {error}",
        hint="the file may be cut, or still be being written",
    )


def rows_of(sheet: CalamineSheet, faults: Faults) -> Iterator[Row]:
    """Yield the rows that hold anything; all are as wide as the sheet, and numbered from 1."""
    merged = _Merged(sheet.merged_cell_ranges or ())
    first_column = sheet.start[1] if sheet.start else 0
    faulty = {row for row, _ in faults}
    for row, cells in enumerate(sheet.iter_rows()):
        if row in faulty:
            _write(cells, row, first_column, faults)
        if merged:
            merged.fill(row, first_column, cells)
        if cells.count("") != len(cells):
            yield row + 1, tuple(cells)


def _write(cells: list[Any], row: int, first_column: int, faults: Faults) -> None:
    for place, cell in enumerate(cells):
        if cell == "":
            cells[place] = faults.get((row, first_column + place), "")


class _Merged:
    """Cells merged over several rows: what they say, they say of each of these rows.

    Cells merged over several columns say it in the first alone: they are titles.
    """

    def __init__(self, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._last_rows = {start: end[0] for start, end in ranges if end[0] > start[0]}
        self._rows = {row for row, _ in self._last_rows}
        self._open: dict[int, tuple[int, Any]] = {}
        """Column → the last row, and the value."""

    def __bool__(self) -> bool:
        return bool(self._last_rows)

    def fill(self, row: int, first_column: int, cells: list[Any]) -> None:
        """Write into a row what the cells say that began above it."""
        for column, (last_row, value) in list(self._open.items()):
            if row > last_row:
                del self._open[column]
            elif cells[column - first_column] == "":
                cells[column - first_column] = value
        if row in self._rows:
            for column, cell in enumerate(cells, first_column):
                last = self._last_rows.get((row, column))
                if last is not None and cell != "":
                    self._open[column] = (last, cell)
