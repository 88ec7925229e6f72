"""Cells → text, and what is written where something was not collected."""

from __future__ import annotations

import math
import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from inventory.reading.table import Cell

_ABSENT: Final = frozenset(
    (
        *(
            "",
            "-",
            "--",
            "---",
            "\u2014",
            "\u2013",
            "?",
            "n/a",
            "n.a.",
            "n/d",
            "n/v",
            "null",
            "(null)",
        ),
        *("<null>", "[null]", "nil", "undefined", "unknown", "<unknown>", "(unknown)"),
        *("not available", "not applicable", "not collected", "not specified", "not set"),
        *("unbekannt", "nicht verfügbar", "inconnu", "non disponible", "desconocido"),
        *("no disponible", "sconosciuto", "non disponibile", "onbekend", "\\n"),
    )
)
"""Written where something was not collected, in lower case."""
NO_VALUE: Final = _ABSENT | {"none", "nan", "na", "-1", "-1.0", "-1,0", "inf", "-inf"}
"""The same, where a number or a yes is wanted: as text these may be somebody's name."""
_LONGEST_ABSENT: Final = max(map(len, NO_VALUE))
_ERRORS: Final = frozenset(
    ("#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#n/a", "#spill!", "#calc!")
)
_BLANKS: Final = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]+"
)
SHORT: Final = 200
"""Characters of a cell that is worth being kept in mind: many rows say the same."""


def text(cell: Cell) -> str | None:
    """Return a cell as text, trimmed, without control characters; several blanks become one.

    A number that a spreadsheet made of digits is written without its ``.0``.
    """
    if isinstance(cell, str):
        return text_of(cell)
    if cell is None:
        return None
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return None
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def text_of(cell: str) -> str | None:
    """Return a text, trimmed, without control characters; None where it says that it has none.

    Raises:
        ValueError: it is a spreadsheet's error.

    """
    return _kept_in_mind(cell) if len(cell) <= SHORT else _text_of(cell)


def shown(cell: object) -> str:
    """Return what stands in a cell as it is shown in messages, with its end left out if long."""
    said = repr(cell)
    return said if len(said) <= SHORT else f"{said[:SHORT]}…"


def _text_of(cell: str) -> str | None:
    trimmed = cell.strip()
    if not trimmed.isprintable() or "  " in trimmed:
        trimmed = _BLANKS.sub(" ", trimmed).strip()
    if len(trimmed) <= _LONGEST_ABSENT:
        small = trimmed.casefold()
        if small in _ABSENT:
            return None
        if small in _ERRORS:
            raise ValueError(f"it holds the error {trimmed}")
    return trimmed


_kept_in_mind: Final = lru_cache(maxsize=1 << 15)(_text_of)
