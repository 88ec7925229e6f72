"""Delimited text → one table, at little more than the cost of reading its lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Final

from inventory.errors import BadInputError
from inventory.reading.encodings import lines
from inventory.reading.header import LOOKED_AT, has_decimal_comma, header_place, titles_of
from inventory.reading.source import Source, damage_named
from inventory.reading.table import Row, Table

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
    with damage_named(source.name):
        looked_at = list(islice(_rows(source, dialect), LOOKED_AT))
    if not looked_at:
        raise BadInputError(f"{source.name}: it holds no row")
    place = header_place(looked_at) or 0
    row, cells = looked_at[place]
    header = titles_of(cells)
    below = looked_at[place + 1 :]
    return Table(
        file=source.name,
        name=PurePosixPath(source.name).stem,
        header=header,
        decimal_comma=has_decimal_comma(below, likely=dialect.delimiter == ";"),
        read=lambda: _below(source, dialect, row, len(header)),
    )


def _below(source: Source, dialect: Dialect, header_row: int, width: int) -> Iterator[Row]:
    for row, cells in _rows(source, dialect):
        if row > header_row:
            yield row, cells if len(cells) >= width else cells + ("",) * (width - len(cells))


def _rows(source: Source, dialect: Dialect) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows that hold anything, numbered as a spreadsheet numbers them."""
    with damage_named(source.name), lines(source.open(), source.name) as text:
        if dialect.declared:
            next(text, "")
        reader = csv.reader(chain(text, (_END,)), delimiter=dialect.delimiter)
        row = first = int(dialect.declared)
        try:
            for row, cells in enumerate(reader, first + 1):
                if any(cells):
                    if cells[-1].endswith(_END):
                        _check_end(source.name, row, cells)
                        return
                    yield row, tuple(cells)
        except csv.Error as error:
            raise BadInputError(f"{source.name}: row {row + 1}: {error}") from error


def _check_end(name: str, row: int, cells: Sequence[str]) -> None:
    if list(cells) != [_END]:
        raise BadInputError(
            f"{name}: row {row}: a quoted cell is not closed until the end of the file",
            hint="the file may be cut, or still be being written",
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
