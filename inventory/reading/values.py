"""Cells of others' tables → values. What was not collected is None: never zero, never minus one.

Every function returns None for what is empty or written as not collected (``-``, ``-1`` where a
count cannot be negative, ``N/A``, ``unknown``, ``null`` …), and raises ValueError with words for
people on what cannot be understood, and on a spreadsheet's errors (``#REF!``).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final, TypeVar

from inventory.reading.moments import moment
from inventory.reading.table import Cell
from inventory.reading.texts import NO_VALUE, SHORT, shown, text, text_of

__all__ = ("listed", "moment", "number", "size", "text", "truth", "whole")

_TRUE: Final = frozenset(
    (
        *("true", "yes", "y", "1", "on", "enabled", "x", "\u2713"),
        *("wahr", "ja", "j", "ein", "aktiviert", "vrai", "oui", "activé", "verdadero", "sí", "si"),
        *("sim", "vero", "waar"),
    )
)
_FALSE: Final = frozenset(
    (
        *("false", "no", "n", "0", "off", "disabled", "\u2717"),
        *("falsch", "nein", "aus", "deaktiviert", "faux", "non", "désactivé", "falso", "não"),
        *("onwaar", "nee"),
    )
)
_APART: Final = "[ \u00a0\u2009\u202f'\u2019]"
"""What parts thousands beside the point or the comma."""
_GROUPED: Final = {
    False: re.compile(rf"[-+]?(\d+|\d{{1,3}}((,\d{{2,3}})*,\d{{3}}|({_APART}\d{{3}})+))(\.\d*)?\Z"),
    True: re.compile(rf"[-+]?(\d+|\d{{1,3}}((\.\d{{3}})+|({_APART}\d{{3}})+))(,\d*)?\Z"),
}
_SIZE: Final = re.compile(r"(.*\d)\s*([kmgtpe]?)(i?)(b|o|bytes?|octets?|bit)?\Z", re.IGNORECASE)
_MOST: Final = (1 << 63) - 1
"""What databases keep as a whole number."""
_Number = TypeVar("_Number", int, float)
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5, "e": 6}


def whole(cell: Cell, *, decimal_comma: bool = False) -> int | None:
    """Return a count: ``4``, ``4.0``, ``1,024``, ``1.024`` with ``decimal_comma``."""
    value = number(cell, decimal_comma=decimal_comma)
    if value is None:
        return None
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"{shown(cell)} is no whole number")
    return int(value)


def number(cell: Cell, *, decimal_comma: bool = False) -> float | None:
    """Return a measure that cannot be negative; a per cent sign is left out.

    A whole number comes as an int, so that no digit of a large one is lost.
    """
    if isinstance(cell, str):
        return (_kept_in_mind if len(cell) <= SHORT else _number)(cell, decimal_comma)
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise ValueError(f"{shown(cell)} is not a number")  # noqa: TRY004  # promised to callers
    return _measure(cell, cell)


def size(cell: Cell, unit: int, *, decimal_comma: bool = False) -> int | None:
    """Return bytes; ``unit`` is how many of them the column counts in, unless the cell says.

    ``16 GB`` is taken for GiB, as hypervisors and operating systems write it.
    """
    if isinstance(cell, str):
        found = _SIZE.match(cell.strip())
        if found and (found[2] or found[4]):
            if (found[4] or "").lower() == "bit":
                raise ValueError(f"{shown(cell)} is not a size in bytes")
            cell, unit = found[1], 1024 ** _POWERS[found[2].lower()]
    value = number(cell, decimal_comma=decimal_comma)
    return None if value is None else _within(round(value * unit), cell)


def truth(cell: Cell) -> bool | None:
    """Return yes or no, from ``True``, ``yes``, ``1``, ``Wahr``, ``vrai``, ``enabled`` and such."""
    if cell is None or isinstance(cell, bool):
        return cell
    word = (text(cell) or "").casefold()
    if word in NO_VALUE:
        return None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{shown(cell)} is neither yes nor no")


def listed(cell: Cell, separators: str = ",;\n") -> tuple[str, ...]:
    """Return the parts of a cell that holds several values; empty when it holds none."""
    if not isinstance(cell, str):
        whole_cell = text(cell)
        return () if whole_cell is None else (whole_cell,)
    parts = re.split(f"[{re.escape(separators)}]", cell) if separators else [cell]
    return tuple(part for part in map(text_of, parts) if part)


def _number(cell: str, decimal_comma: bool) -> float | None:  # noqa: FBT001  # keys of the memo
    said = text_of(cell)
    if said is None or said.casefold() in NO_VALUE:
        return None
    digits = said.removesuffix("%").rstrip()
    if not _GROUPED[decimal_comma].match(digits):
        raise ValueError(f"{shown(said)} is not a number")
    whole_part, _, fraction = digits.partition("," if decimal_comma else ".")
    plain = re.sub(r"[^\d+-]", "", whole_part)
    exact = float(f"{plain}.{fraction}") if fraction.strip("0") else int(plain)
    return _measure(exact, said)


def _measure(value: float, said: object) -> float | None:
    if value == -1 or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if value < 0:
        raise ValueError(f"{shown(said)} is negative")
    return _within(value, said)


def _within(value: _Number, said: object) -> _Number:
    if value > _MOST:
        raise ValueError(f"{shown(said)} is too large a number")
    return value


_kept_in_mind: Final = lru_cache(maxsize=1 << 15)(_number)
