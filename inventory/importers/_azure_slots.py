"""The time slots of Azure Migrate's dependency export → when they began and ended.

Slots are of six hours and written as ``7/28/2026 12:00-18:00``; a day alone and a span of days are
met too. No zone is told: they are taken as UTC. Where the month and the day could be either, the
month is first, as the portal writes them, unless the file holds a date that shows the contrary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from inventory.reading import values

_HOURS: Final = re.compile(
    r"(?P<day>.*\S)\s+(?P<begin>\d{1,2}:\d\d(?::\d\d)?(?:\s*[AP]M)?)\s*(?:-|\u2013|to)\s*"
    r"(?P<end>\d{1,2}:\d\d(?::\d\d)?(?:\s*[AP]M)?)",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(r"(?P<begin>.*\S)\s*(?:\.\.|\s[-\u2013]\s|\sto\s)\s*(?P<end>\S.*)")
_NUMBERS: Final = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]\d{4}\b")
_MONTHS: Final = 12
_MIDNIGHT: Final = re.compile(r"24:00(:00)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A span of time in which a dependency was seen."""

    begin: datetime
    end: datetime
    """The same as its beginning where it is not told."""


def day_is_first(beginning: str) -> bool:
    """Say whether a file writes 28/7/2026, by the dates in its beginning."""
    dates = [(int(one), int(two)) for one, two in _NUMBERS.findall(beginning)]
    return any(one > _MONTHS for one, _ in dates) and not any(two > _MONTHS for _, two in dates)


def slot_of(text: str, *, day_first: bool) -> Slot | None:
    """Return the span that a cell names; None where it names none.

    Raises:
        ValueError: it is no time.

    """
    if found := _HOURS.fullmatch(text.strip()):
        begin = _moment(f"{found['day']} {found['begin']}", day_first=day_first)
        ends = _MIDNIGHT.sub("00:00", found["end"])
        end = _moment(f"{found['day']} {ends}", day_first=day_first)
        return Slot(begin=begin, end=end if end > begin else end + timedelta(days=1))
    if found := _SPAN.fullmatch(text.strip()):
        begin = _moment(found["begin"], day_first=day_first)
        end = _moment(found["end"], day_first=day_first)
        return Slot(begin=min(begin, end), end=max(begin, end))
    told = values.moment(text, day_first=day_first)
    return None if told is None else Slot(begin=told, end=told)


def _moment(text: str, *, day_first: bool) -> datetime:
    told = values.moment(text, day_first=day_first)
    if told is None:
        raise ValueError(f"{text!r} is not a time")
    return told
