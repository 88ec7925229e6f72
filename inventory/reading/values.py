"""Cells of others' tables → values. What was not collected is None: never zero, never minus one.

Every function returns None for what is empty or written as not collected (``-``, ``-1`` where a
count cannot be negative, ``N/A``, ``unknown``, ``null`` …), and raises ValueError with words for
people on what cannot be understood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from inventory.reading.table import Cell


def text(cell: Cell) -> str | None:
    """Return a cell as text, trimmed, without control characters."""
    raise NotImplementedError(cell)


def whole(cell: Cell, *, decimal_comma: bool = False) -> int | None:
    """Return a count: ``4``, ``4.0``, ``1,024``, ``1.024`` with ``decimal_comma``."""
    raise NotImplementedError(cell, decimal_comma)


def number(cell: Cell, *, decimal_comma: bool = False) -> float | None:
    """Return a measure that cannot be negative."""
    raise NotImplementedError(cell, decimal_comma)


def size(cell: Cell, unit: int, *, decimal_comma: bool = False) -> int | None:
    """Return bytes; ``unit`` is how many of them the column counts in, unless the cell says."""
    raise NotImplementedError(cell, unit, decimal_comma)


def truth(cell: Cell) -> bool | None:
    """Return yes or no, from ``True``, ``yes``, ``1``, ``Wahr``, ``vrai``, ``enabled`` and such."""
    raise NotImplementedError(cell)


def moment(cell: Cell, *, day_first: bool = True) -> datetime | None:
    """Return a time; one without a zone is taken as UTC."""
    raise NotImplementedError(cell, day_first)


def listed(cell: Cell, separators: str = ",;\n") -> tuple[str, ...]:
    """Return the parts of a cell that holds several values."""
    raise NotImplementedError(cell, separators)
