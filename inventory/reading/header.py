"""Which row of a table is its header, and how its numbers are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from inventory.reading.table import Cell, Row
from inventory.reading.texts import text

LOOKED_AT: Final = 1000
"""Rows from which a table is judged."""
_HEADER_WITHIN: Final = 50
"""A header stands among the first rows that hold anything, or there is none."""
_WIDE: Final = 0.6
"""Share of a table's columns that have titles, at least."""
_LONGEST_TITLE: Final = 300
_TITLES: Final = 0.7
"""Share of a header's cells that are words."""
_NUMBER: Final = re.compile(r"[-+]?[\d.,'\s]*\d[\d.,'\s]*%?\Z")
_COMMA: Final = re.compile(r"-?(\d{1,3}(\.\d{3})+,\d+|0,\d+|\d+,(\d{1,2}|\d{4,}))\Z")
"""Written so only where the comma is the decimal mark."""
_POINT: Final = re.compile(r"-?(\d{1,3}(,\d{3})+\.\d+|0\.\d+|\d+\.(\d{1,2}|\d{4,}))\Z")


def header_place(rows: Sequence[Row]) -> int | None:
    """Return which of these rows is the header: the first that is as wide as the table, in words.

    Titles above it are narrow, and what is below it holds numbers. None where no row looks so.
    """
    near = rows[:_HEADER_WITHIN]
    widest = max((_held(cells) for _, cells in near), default=0)
    for place, (_, cells) in enumerate(near):
        titles = [each for each in cells if not _empty(each)]
        if len(titles) >= min(widest, max(2, _WIDE * widest)) and _are_titles(titles):
            return place
    return None


def has_decimal_comma(rows: Sequence[Row], *, likely: bool) -> bool:
    """Say whether a table writes 1.234,5, by the columns which can be read in one way alone.

    ``likely`` is what to believe when the columns do not tell: a table parted by semicolons
    comes from where the comma is taken.
    """
    commas, points = set[int](), set[int]()
    for _, cells in rows:
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and ("," in cell or "." in cell):
                if _COMMA.match(cell):
                    commas.add(column)
                elif _POINT.match(cell):
                    points.add(column)
    if likely:
        return bool(commas) or not points
    return bool(commas) and not points


def titles_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return a header's cells as titles; those at its end that hold nothing are left out."""
    titles = [_title(each) for each in cells]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _title(cell: Cell) -> str:
    try:
        return text(cell) or ""
    except ValueError:
        return ""


def _held(cells: Sequence[Cell]) -> int:
    return sum(not _empty(each) for each in cells)


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _are_titles(cells: Sequence[Cell]) -> bool:
    words = [each.strip() for each in cells if isinstance(each, str)]
    good = {each for each in words if len(each) <= _LONGEST_TITLE and not _NUMBER.match(each)}
    return bool(cells) and len(good) >= _TITLES * len(cells)
