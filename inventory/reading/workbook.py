"""Workbooks (xlsx, xlsm, xlsb, xls, ods) → tables, by a reader written in Rust."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from inventory.errors import BadInputError
from inventory.reading.header import LOOKED_AT, has_decimal_comma, header_place, titles_of
from inventory.reading.source import Source, damage_named
from inventory.reading.table import Row, Table
from inventory.reading.workbook_extent import check_extent

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of old Office begin, and encrypted ones of the new."""
_HELD_IN_MEMORY: Final = 64 << 20


def tables_of(source: Source) -> Iterator[Table]:
    """Yield the sheets that hold anything, hidden ones too.

    Raises:
        BadInputError: it is damaged, protected by a password, or too large.

    """
    with damage_named(source.name), tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY) as held:
        with source.open() as raw:
            while chunk := raw.read(1 << 20):
                held.write(chunk)
        held.seek(0)
        check_extent(source.name, held)
        held.seek(0)
        with _opened(source.name, held) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    table = _table(source.name, _sheet(source.name, workbook, sheet.name))
                    if table:
                        yield table


def _opened(name: str, held: Any) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(held)
    except PasswordError as error:
        raise BadInputError(
            f"{name}: it is protected by a password",
            hint="open it, save it without the password, and import that",
        ) from error
    except CalamineError as error:
        raise BadInputError(
            f"{name}: it is no workbook that can be read: {error}",
            hint="the file may be cut, or still be being written",
        ) from error


def _sheet(name: str, workbook: CalamineWorkbook, title: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(title)
    except CalamineError as error:
        raise BadInputError(f"{name}: {title}: it cannot be read: {error}") from error


def _table(name: str, sheet: CalamineSheet) -> Table | None:
    looked_at = list(islice(_rows(sheet), LOOKED_AT))
    if not looked_at:
        return None
    place = header_place(looked_at) or 0
    header_row, cells = looked_at[place]
    return Table(
        file=name,
        name=sheet.name,
        header=titles_of(cells),
        decimal_comma=has_decimal_comma(looked_at[place + 1 :], likely=False),
        read=lambda: (each for each in _rows(sheet) if each[0] > header_row),
    )


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """Yield the rows that hold anything; the reader fills them up, and begins with row 1."""
    merged = _Merged(sheet.merged_cell_ranges or ())
    first_column = sheet.start[1] if sheet.start else 0
    for row, cells in enumerate(sheet.iter_rows(), 1):
        if merged:
            merged.fill(row - 1, first_column, cells)
        if any(each != "" for each in cells):
            yield row, tuple(cells)


class _Merged:
    """Cells merged over several rows: what they say, they say of each of these rows."""

    def __init__(self, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._beginning = {start: end[0] for start, end in ranges if end[0] > start[0]}
        self._open: dict[int, tuple[int, Any]] = {}
        """Column → the last row, and the value."""

    def __bool__(self) -> bool:
        return bool(self._beginning)

    def fill(self, row: int, first_column: int, cells: list[Any]) -> None:
        """Write into a row what a cell that began above it says."""
        for column, (last, value) in list(self._open.items()):
            if row > last:
                del self._open[column]
            elif cells[column - first_column] == "":
                cells[column - first_column] = value
        for place, cell in enumerate(cells):
            last_row = self._beginning.get((row, first_column + place))
            if last_row is not None and cell != "":
                self._open[first_column + place] = (last_row, cell)
