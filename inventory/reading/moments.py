"""Cells that hold times → aware times in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from inventory.reading.table import Cell
from inventory.reading.texts import SHORT, shown, text_of

_NEVER: Final = frozenset((1, 1601, 1899, 1900, 1904))
"""Years in which no server was seen: what systems write for no time."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SERIAL_BEGINS: Final = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of spreadsheets, for days from March 1900 on."""
_SERIALS: Final = range(18_000, 110_000)
"""Days of spreadsheets from 1949 to 2201."""
_SECONDS: Final = range(100_000_000, 10_000_000_000)
_THOUSANDTHS: Final = range(100_000_000_000, 10_000_000_000_000)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janv janvier ene enero",
            "feb february februar fev fév févr février febrero",
            "mar march mär märz mrz mars marzo",
            "apr april avr avril abr abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juil juillet julio",
            "aug august aoû août ago agosto",
            "sep sept september septembre septiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember déc décembre dic diciembre",
        ),
        1,
    )
    for name in names.split()
}
_MONTHS_A_YEAR: Final = 12
_THEN: Final = 70
"""From here on a year of two digits is of the last century."""
_CLOCK: Final = (
    r"(?:[T, ]+(?:at )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?)?\Z"
)
_NUMERIC: Final = re.compile(
    r"(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<year>\d{4}|\d\d)" + _CLOCK
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<one>\d{1,2})" + _CLOCK
)
_DAY_NAMED: Final = re.compile(
    r"(?:\w+\.?,? )?(?P<one>\d{1,2})(?:\.|st|nd|rd|th)?[ -](?P<name>[^\W\d]+)\.?,?[ -]"
    r"(?P<year>\d{4}|\d\d)" + _CLOCK
)
_MONTH_NAMED: Final = re.compile(
    r"(?:\w+\.?,? )?(?P<name>[^\W\d]+)\.? (?P<one>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
    + _CLOCK
)
_UNIX: Final = re.compile(
    r"\w+ (?P<name>\w+) (?P<one>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) "
    r"(?P<half>)(?:(?P<zone>UTC|GMT) )?(?P<year>\d{4})\Z"
)
"""As date and ctime write it: ``Mon Nov 23 07:00:00 2026``."""


def moment(cell: Cell, *, day_first: bool = True) -> datetime | None:
    """Return a time; one without a zone is taken as UTC.

    Understood are ISO 8601, days and months in numbers (``day_first`` says in which order, unless
    one of them is over 12), months by name, seconds since 1970 and spreadsheets' serial days.
    None for years in which systems write that something never was, such as 1601.

    Raises:
        ValueError: it is something else.

    """
    if cell is None:
        return None
    if isinstance(cell, (bool, time, timedelta)):
        raise ValueError(f"{shown(cell)} is not a time")  # noqa: TRY004  # promised to callers
    try:
        return _told(_read(cell, day_first))
    except OverflowError as error:
        raise ValueError(f"{shown(cell)} is not a time") from error


def _read(cell: str | float | datetime | date, day_first: bool) -> datetime | None:  # noqa: FBT001
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=UTC)
    if isinstance(cell, str):
        return (_kept_in_mind if len(cell) <= SHORT else _written)(cell, day_first)
    return _counted(cell)


def _told(value: datetime | None) -> datetime | None:
    return None if value is None or value.year in _NEVER or value == _EPOCH else value


def _counted(value: float) -> datetime | None:
    if value in {0, -1}:
        return None
    if int(value) in _SERIALS:
        return _SERIAL_BEGINS + timedelta(seconds=round(value * 86400))
    if int(value) in _SECONDS:
        return _EPOCH + timedelta(seconds=value)
    if int(value) in _THOUSANDTHS:
        return _EPOCH + timedelta(milliseconds=value)
    raise ValueError(f"{value} is not a time")


def _written(cell: str, day_first: bool) -> datetime | None:  # noqa: FBT001  # keys of the memo
    said = text_of(cell)
    if said is None or said.casefold() in {"never", "none", "nie", "jamais", "-1"}:
        return None
    try:
        told = datetime.fromisoformat(said.removesuffix(" UTC").replace(" Z", "Z"))
    except ValueError:
        pass
    else:
        if not said.isdecimal():
            return _read(told, day_first)
    for pattern in (_NUMERIC, _YEAR_FIRST, _DAY_NAMED, _MONTH_NAMED, _UNIX):
        if found := pattern.match(said):
            return _from_parts(found, said, day_first)
    try:
        return _counted(float(said))
    except ValueError as error:
        raise ValueError(f"{shown(said)} is not a time") from error


def _from_parts(found: re.Match[str], said: str, day_first: bool) -> datetime:  # noqa: FBT001
    parts = found.groupdict()
    day, month = _day_and_month(parts, day_first)
    year = int(parts["year"])
    if len(parts["year"]) < len("2026"):
        year += 1900 if year >= _THEN else 2000
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    try:
        told = datetime(
            year,
            month,
            day,
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            tzinfo=UTC,
        )
    except ValueError as error:
        raise ValueError(f"{shown(said)} is not a time: {error}") from error
    return told - _offset(parts["zone"] or "")


def _day_and_month(parts: dict[str, str | None], day_first: bool) -> tuple[int, int]:  # noqa: FBT001
    one = int(parts["one"] or 0)
    if "name" in parts:
        month = _MONTHS.get((parts["name"] or "").casefold())
        if month is None:
            raise ValueError(f"{parts['name']!r} is no month")
        return one, month
    if "month" in parts:
        return one, int(parts["month"] or 0)
    two = int(parts["two"] or 0)
    month_first = two > _MONTHS_A_YEAR or (one <= _MONTHS_A_YEAR and not day_first)
    return (two, one) if month_first else (one, two)


def _offset(zone: str) -> timedelta:
    if not zone.startswith(("+", "-")):
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))


_kept_in_mind: Final = lru_cache(maxsize=1 << 14)(_written)
