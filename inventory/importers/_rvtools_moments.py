"""Times that RVTools wrote as the Windows that it ran on writes them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from inventory.reading import values
from inventory.reading.table import Cell

_TWO_NUMBERS: Final = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})[/.-]\d{2,4}(.*)", re.DOTALL)
_MONTHS: Final = 12
_FIRST_YEAR: Final = 1999
"""No virtual machine of VMware is older: earlier ones stand for no time, moved by a time zone."""


class Order:
    """Whether the day or the month comes first, learnt from all times of an export."""

    def __init__(self) -> None:
        self._day_first: bool | None = None

    def look(self, cell: Cell) -> None:
        """Learn from one more time."""
        found = _TWO_NUMBERS.match(cell) if isinstance(cell, str) else None
        if not found:
            return
        one, mark, two, rest = int(found[1]), found[2], int(found[3]), found[4]
        if one > _MONTHS or mark == ".":
            self._day_first = True
        elif two > _MONTHS or rest.rstrip().upper().endswith(("AM", "PM")):
            self._day_first = self._day_first or False

    def moment(self, cell: Cell) -> datetime | None:
        """Return a time; one without a zone is taken as UTC.

        Raises:
            ValueError: it is no time, or may be read in two ways.

        """
        found = _TWO_NUMBERS.match(cell) if isinstance(cell, str) else None
        if found and self._day_first is None and found[1] != found[3]:
            raise ValueError(f"{cell!r} may be two days: day or month first")
        told = values.moment(cell, day_first=self._day_first is not False)
        return told if told and told.year >= _FIRST_YEAR else None
