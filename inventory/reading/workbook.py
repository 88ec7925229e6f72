"""Workbooks (xlsx, xlsm, xlsb, xls, ods) → tables, whose rows are read when they are wanted."""

from __future__ import annotations

import io
import os
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from python_calamine import CalamineWorkbook

from inventory.errors import BadInputError
from inventory.reading.header import LOOKED_AT, has_decimal_comma, header_place, titles_of
from inventory.reading.source import Source, damage_named
from inventory.reading.table import Row, Table
from inventory.reading.workbook_apart import first_rows_apart, rows_apart
from inventory.reading.workbook_calamine import (
    Faults,
    open_workbook,
    protected,
    rows_of,
    sheet_of,
    sheets_of,
)
from inventory.reading.workbook_parts import Parts, look_over

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of old Office begin, and encrypted ones of the new."""

ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
"""What stands at the beginning of an OpenDocument spreadsheet."""
_MOST_BYTES: Final = 1 << 30
"""Of a workbook's file."""
_AT_ONCE: Final = 1 << 20
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""The part of an old container in which new Office keeps a workbook with a password."""


def tables_of(source: Source) -> tuple[Table, ...]:
    """Return the sheets that hold anything, hidden ones too.

    Their headers are known then; their rows are read when they are asked for, one sheet in memory
    at a time.

    Raises:
        BadInputError: it is damaged, protected by a password, or too large.

    """
    with damage_named(source.name):
        held = _Held(source)
        parts = _parts(source.name, held.path)
        return tuple(_Workbook(source.name, held, parts).tables())


class _Held:
    """A workbook's bytes in a file of our own, so that nobody changes it meanwhile."""

    def __init__(self, source: Source) -> None:
        with source.open() as raw:
            content = raw.read(_AT_ONCE)
            handle, path = tempfile.mkstemp(suffix=_ending(content))
            self.path = Path(path)
            weakref.finalize(self, self.path.unlink, missing_ok=True)
            with os.fdopen(handle, "wb") as file:
                while content:
                    file.write(content)
                    if file.tell() > _MOST_BYTES:
                        raise BadInputError(f"{source.name}: it is too large for a workbook")
                    content = raw.read(_AT_ONCE)


def _parts(name: str, path: Path) -> Parts:
    """Look over what can be, and refuse what is encrypted."""
    if zipfile.is_zipfile(path):
        with path.open("rb") as held:
            return look_over(name, held)
    if _ENCRYPTED in path.read_bytes():
        raise protected(name)
    return Parts()


def _ending(beginning: bytes) -> str:
    """Return how the names of such files end, from which the reader tells their kind."""
    if beginning.startswith(OLE):
        return ".xls"
    if ODS in beginning[:200]:
        return ".ods"
    return ".xlsb" if b"workbook.bin" in beginning else ".xlsx"


class _Workbook:
    """A workbook that is opened once, and the ways in which its sheets are read."""

    def __init__(self, name: str, held: _Held, parts: Parts) -> None:
        self._name, self._held, self._parts = name, held, parts
        self._opened: CalamineWorkbook | None = None

    def tables(self) -> Iterator[Table]:
        """Yield its sheets that hold anything."""
        for title, rows in self._first_rows():
            if rows:
                yield self._table(title, rows)

    def _first_rows(self) -> Iterator[tuple[str, list[Row]]]:
        if not self._parts.sheets:
            yield from first_rows_apart(self._name, self._held.path)
            return
        head = open_workbook(self._name, io.BytesIO(self._parts.head)) if self._parts.head else None
        self._parts = replace(self._parts, head=None)
        for title in sheets_of(self._whole()):
            yield title, self._in_head(head, title) or list(islice(self._rows(title), LOOKED_AT))

    def _in_head(self, head: CalamineWorkbook | None, title: str) -> list[Row]:
        """Return a sheet's first rows from the head; none where it lacks or does not reach them."""
        if not head or title not in self._parts.sheets:
            return []
        try:
            return list(islice(rows_of(sheet_of(self._name, head, title), {}), LOOKED_AT))
        except BadInputError:
            return []

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
            return rows_apart(self._name, self._held.path, title, faults)
        return rows_of(sheet_of(self._name, self._whole(), title), faults)

    def _whole(self) -> CalamineWorkbook:
        if self._opened is None:
            self._opened = open_workbook(self._name, str(self._held.path))
        return self._opened
