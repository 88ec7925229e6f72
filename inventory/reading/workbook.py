"""Workbooks (xlsx, xlsm, xlsb, xls, ods) → tables, whose rows are read when they are wanted."""

from __future__ import annotations

import io
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO, Final

from python_calamine import CalamineWorkbook

from inventory.reading.header import LOOKED_AT, has_decimal_comma, header_place, titles_of
from inventory.reading.source import Source, damage_named
from inventory.reading.table import Row, Table
from inventory.reading.workbook_apart import rows_apart, sheets_apart
from inventory.reading.workbook_calamine import Faults, open_workbook, rows_of, sheet_of, sheets_of
from inventory.reading.workbook_parts import Parts, look_over

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of old Office begin, and encrypted ones of the new."""


def tables_of(source: Source) -> tuple[Table, ...]:
    """Return the sheets that hold anything, hidden ones too.

    Their headers are known then; their rows are read when they are asked for, one sheet in memory
    at a time.

    Raises:
        BadInputError: it is damaged, protected by a password, or too large.

    """
    with damage_named(source.name):
        held = _held(source)
        parts = look_over(source.name, held) if zipfile.is_zipfile(held) else Parts()
        workbook = _Workbook(source.name, held, parts)
        return tuple(workbook.tables())


def _held(source: Source) -> IO[bytes]:
    """Return a workbook's bytes in a file without a name, so that nobody changes it meanwhile."""
    held = tempfile.TemporaryFile()  # noqa: SIM115  # it is closed when it is let go
    with source.open() as raw:
        shutil.copyfileobj(raw, held, 1 << 20)
    return held


class _Workbook:
    """A workbook that is opened once, and the ways in which its sheets are read."""

    def __init__(self, name: str, held: IO[bytes], parts: Parts) -> None:
        self._name, self._held, self._parts = name, held, parts
        self._opened: CalamineWorkbook | None = None
        weakref.finalize(self, held.close)

    def tables(self) -> Iterator[Table]:
        """Yield its sheets that hold anything."""
        usual = self._parts.sheets
        head = None
        if self._parts.head and usual:
            head = open_workbook(self._name, io.BytesIO(self._parts.head))
        for title in sheets_of(head) if head else sheets_apart(self._name, self._held):
            if head and title in usual:
                rows = rows_of(sheet_of(self._name, head, title), {})
            else:
                rows = self._rows(title)
            looked_at = list(islice(rows, LOOKED_AT))
            if looked_at:
                yield self._table(title, looked_at)

    def _table(self, title: str, looked_at: Sequence[Row]) -> Table:
        place = header_place(looked_at) or 0
        row, cells = looked_at[place]
        header = titles_of(cells)
        return Table(
            file=self._name,
            name=title,
            header=header,
            decimal_comma=has_decimal_comma(looked_at[place + 1 :], likely=False),
            read=self._below(title, row, len(header)),
        )

    def _below(self, title: str, header_row: int, width: int) -> Callable[[], Iterator[Row]]:
        def read() -> Iterator[Row]:
            with damage_named(self._name):
                for row, cells in self._rows(title):
                    if row > header_row:
                        missing = width - len(cells)
                        yield row, cells + ("",) * missing if missing > 0 else cells

        return read

    def _rows(self, title: str) -> Iterator[Row]:
        faults: Faults = self._parts.faults.get(title, {})
        if title not in self._parts.sheets:
            return rows_apart(self._name, self._held, title, faults)
        if self._opened is None:
            self._opened = open_workbook(self._name, self._held)
        return rows_of(sheet_of(self._name, self._opened, title), faults)
