"""Delimited text → one table, at little more than the cost of reading its lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Final

from inventory.errors import BadInputError
from inventory.reading.encodings import ends_within_a_line, lines
from inventory.reading.header import LOOKED_AT, has_decimal_comma, header_place, titles_of
from inventory.reading.source import Source, damage_named
from inventory.reading.table import Table

Cells = tuple[str, ...]
_DELIMITERS: Final = ",;\t|"
_SNIFFED: Final = 50
"""Lines from which the delimiter is told."""
_MAY_BE_CUT: Final = 16_000
"""Characters of a beginning from which on its last line may be cut."""
_REGULAR: Final = 0.7
"""Share of rows that are as wide as most."""
_END: Final = "\0end"
"""A line that no file holds: it is in a cell's midst only when a quoted cell was never closed."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How the cells of a text are parted."""

    delimiter: str
    declared: bool = False
    """Whether its first line says so, as Excel writes it: ``sep=;``."""


def dialect_of(beginning: str, *, is_named_so: bool) -> Dialect | None:
    """Return how a text's cells are parted, or None when it is no table.

    ``is_named_so`` says that its name ends in .csv or such: then one column alone is a table too.
    """
    first, _, _ = beginning.lstrip().partition("\n")
    declared = first.strip().lower()
    if declared.startswith("sep=") and len(declared) == len("sep=") + 1:
        return Dialect(delimiter=declared[-1], declared=True)
    text = beginning.splitlines(keepends=True)[: 4 * _SNIFFED]
    if len(beginning) > _MAY_BE_CUT:
        text = text[:-1]
    fits = {each: _fitness(text, each, is_named_so=is_named_so) for each in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: fits[each])
    if fits[best] > (0, 0):
        return Dialect(delimiter=best)
    return Dialect(delimiter=",") if is_named_so and beginning.strip() else None


def table_of(source: Source, dialect: Dialect) -> Table:
    """Return a text's table.

    Raises:
        BadInputError: it holds nothing.

    """
    looked_at = list(islice(_rows(source, dialect, _Below()), LOOKED_AT))
    if not looked_at:
        raise BadInputError(f"{source.name}: it holds no row")
    place = header_place(looked_at) or 0
    row, cells = looked_at[place]
    header = titles_of(cells)
    rows = looked_at[place + 1 :]
    below = _Below(
        row=row,
        header=cells,
        width=len(header),
        even=all(len(each) >= len(header) for _, each in rows[:-1]),
    )
    return Table(
        file=source.name,
        name=PurePosixPath(source.name).stem,
        header=header,
        decimal_comma=has_decimal_comma(rows, likely=dialect.delimiter == ";"),
        read=lambda: _rows(source, dialect, below),
    )


@dataclass(frozen=True, kw_only=True)
class _Below:
    """Below what header rows are read; of itself, below none."""

    row: int = 0
    header: Cells = ()
    width: int = 0
    """Cells that a row has at least: a shorter one is filled up."""
    even: bool = False
    """Whether all rows that were looked at have as many, so that a short one may be cut."""


def _rows(source: Source, dialect: Dialect, below: _Below) -> Iterator[tuple[int, Cells]]:
    """Yield the rows that hold anything, numbered as a spreadsheet numbers them.

    A header that comes again, where files were put one after the other, is passed over.
    """
    with damage_named(source.name), lines(source.open(), source.name) as text:
        before = int(dialect.declared)
        for _ in range(before):
            next(text, "")
        at_end: list[bool] = []
        reader = csv.reader(chain(text, _end(at_end)), delimiter=dialect.delimiter)
        # What is looked up for each of millions of rows is local.
        row, held, width, header, header_row = before, 0, below.width, below.header, below.row
        try:
            for row, cells in enumerate(map(tuple, reader), before + 1):
                if at_end:
                    short = below.even and held < width
                    _check_end(source.name, row, cells, cut=short and ends_within_a_line(text))
                elif row > header_row and cells and (cells[0] or any(cells)):
                    held = len(cells)
                    if held < width:
                        yield row, cells + ("",) * (width - held)
                    elif cells != header:
                        yield row, cells
        except csv.Error as error:
            raise BadInputError(
                f"{source.name}: row {row + 1}: {error}",
                hint="is a quotation mark missing in it, or one too many?",
            ) from error


def _end(at_end: list[bool]) -> Iterator[str]:
    """Yield one line more than the file has, and say that it was reached."""
    at_end.append(True)
    yield _END


def _check_end(name: str, row: int, cells: Cells, *, cut: bool) -> None:
    if cells != (_END,):
        raise BadInputError(
            f"{name}: row {row}: a quoted cell is not closed until the end of the file",
            hint="the file may be cut, or still be being written",
        )
    if cut:
        raise BadInputError(
            f"{name}: it ends within row {row - 1}",
            hint="it may be cut, or still be being written; if it is whole, end its last line",
        )


def _fitness(text: Sequence[str], delimiter: str, *, is_named_so: bool) -> tuple[int, int]:
    """Tell how well a delimiter fits: (rows that it parts, their usual width); zeros: not at all.

    Of a file that is not named as a table, most rows must have one width, or it is prose.
    """
    try:
        rows = [row for row in csv.reader(text, delimiter=delimiter) if any(row)][:_SNIFFED]
    except csv.Error:
        return (0, 0)
    widths = [len(row) for row in rows if len(row) > 1]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    if not is_named_so and widths.count(usual) < max(2, _REGULAR * len(rows)):
        return (0, 0)
    return (len(widths), usual)
