"""On which days a scheduled job runs, as far as its schedule says: cron's, systemd's and periods.

Only days matter here, not times of day. What cannot be read is None, never "does not run".

Sources: crontab(5) of Vixie cron and cronie; systemd.time(7), "Calendar events" and "Parsing time
spans"; anacrontab(5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from migrate.checks._numbers import Wanted, from_end, month_names, numbers, weekday_names

Runs = Callable[[date], bool]


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When a job runs."""

    on: tuple[Runs, ...] = ()
    """Tell whether it runs on a day; it does when one of them says so."""
    every_days: float = 0
    """Longest time from one run to the next, for what counts from the last; 0 when nothing does."""


_NEVER_BY_DATE: Final = Rhythm()
_WEEK: Final = 7
_MONTH: Final = 31
_CRON_NAMES: Final = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *", "@every_minute": "* * * * *",
}  # fmt: skip
_PERIODS: Final = {
    "15min": 1, "hourly": 1, "daily": 1, "weekly": _WEEK, "monthly": _MONTH, "security": 1,
    "@daily": 1, "@weekly": _WEEK, "@monthly": _MONTH,
}  # fmt: skip
_EVENTS: Final = {
    "minutely": "*-*-*", "hourly": "*-*-*", "daily": "*-*-*", "weekly": "Mon *-*-*",
    "monthly": "*-*-01", "quarterly": "*-01,04,07,10-01", "semiannually": "*-01,07-01",
    "semi-annually": "*-01,07-01", "yearly": "*-01-01", "annually": "*-01-01",
}  # fmt: skip
_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zA-Zµ]*)\s*")
_SECONDS: Final = {
    "": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "ms": 0.001, "msec": 0.001, "us": 0.000001, "usec": 0.000001, "µs": 0.000001,
    "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600,
    "d": 86_400, "day": 86_400, "days": 86_400,
    "w": 604_800, "week": 604_800, "weeks": 604_800,
    "M": 2_630_016, "month": 2_630_016, "months": 2_630_016,
    "y": 31_557_600, "year": 31_557_600, "years": 31_557_600,
}  # fmt: skip
_ZONE: Final = re.compile(r"[A-Z][\w+-]*(/[\w+-]+)*")
_DAY_SECONDS: Final = 86_400
_CRON_FIELDS: Final = 5
_CRON_LAST_WEEKDAY: Final = 7


def cron(schedule: str) -> Rhythm | None:
    """Read a crontab's schedule: five fields, or a name such as ``@monthly``."""
    if schedule == "@reboot":
        return _NEVER_BY_DATE
    fields = _CRON_NAMES.get(schedule, schedule).split()
    if len(fields) != _CRON_FIELDS:
        return None
    days = numbers(fields[2], 1, _MONTH)
    months = numbers(fields[3], 1, 12, month_names)
    weekdays = numbers(fields[4], 0, _CRON_LAST_WEEKDAY, weekday_names)
    if days is None or months is None or weekdays is None:
        return None
    # When both are restricted either is enough; a field that begins with a star restricts nothing.
    either = not fields[2].startswith("*") and not fields[4].startswith("*")

    def runs(day: date) -> bool:
        sunday = day.isoweekday() % _WEEK
        on_weekday = sunday in weekdays or (sunday == 0 and _CRON_LAST_WEEKDAY in weekdays)
        on_day = day.day in days
        return day.month in months and (on_day or on_weekday if either else on_day and on_weekday)

    return Rhythm(on=(runs,))


def period(schedule: str) -> Rhythm | None:
    """Read the period of a folder such as ``/etc/cron.monthly``, or of anacron."""
    words = schedule.split()
    if len(words) == len(("every", "N", "days")) and words[1].isdigit():
        return Rhythm(every_days=int(words[1]))
    days = _PERIODS.get(schedule)
    return Rhythm(every_days=days) if days else None


def timer(schedule: str) -> Rhythm | None:
    """Read when a timer of systemd elapses: ``OnCalendar=…``, ``OnUnitActiveSec=…``."""
    on: list[Runs] = []
    spans: list[float] = []
    for each in re.split(r", (?=On[A-Za-z]+=)", schedule):
        name, _, value = each.partition("=")
        if name == "OnCalendar":
            runs = _event(value.strip())
            if runs is None:
                return None
            on.append(runs)
        elif name in {"OnUnitActiveSec", "OnUnitInactiveSec"}:
            span = _days(value)
            if span is None:
                return None
            spans.append(span)
        elif not name.startswith("On"):
            return None
    return Rhythm(on=tuple(on), every_days=min(spans, default=0))


def _days(span: str) -> float | None:
    """Return how many days a time span is, ``1week 2days``."""
    parts = _SPAN.findall(span)
    if not parts or _SPAN.sub("", span).strip() or any(unit not in _SECONDS for _, unit in parts):
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) / _DAY_SECONDS


def _event(text: str) -> Runs | None:
    """Read a calendar event: ``[weekdays] [date] [time] [zone]``."""
    words = [each for each in _EVENTS.get(text.lower(), text).split() if ":" not in each]
    weekdays: Wanted | None = frozenset(range(_WEEK + 1))
    if words and words[0][:1].isalpha() and words[0][:3].lower() in weekday_names:
        weekdays = numbers(words.pop(0).rstrip(","), 0, _CRON_LAST_WEEKDAY, weekday_names, "..")
    written = words.pop(0) if words and words[0][:1] in "*0123456789" else "*-*-*"
    # What is left is a time zone: our margins are wider than any two zones are apart.
    runs = _date(written) if not words or _ZONE.fullmatch(" ".join(words)) else None
    if weekdays is None or runs is None:
        return None

    def on(day: date) -> bool:
        return day.isoweekday() % _WEEK in {each % _WEEK for each in weekdays} and runs(day)

    return on


def _date(written: str) -> Runs | None:
    """Read ``year-month-day``, ``month-day``; ``~`` before the day counts from the month's end."""
    head, tilde, tail = written.partition("~")
    parts = [*head.split("-"), tail] if tilde else head.split("-")
    if len(parts) == len(("month", "day")):
        parts = ["*", *parts]
    if len(parts) != len(("year", "month", "day")):
        return None
    year = numbers(parts[0], 1970, 2200, between="..")
    month = numbers(parts[1], 1, 12, between="..")
    day = from_end(parts[2]) if tilde else numbers(parts[2], 1, _MONTH, between="..")
    if year is None or month is None or day is None:
        return None

    def runs(on: date) -> bool:
        number = (_next_month(on) - on).days if tilde else on.day
        return on.year in year and on.month in month and number in day

    return runs


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
