"""On which days schedules run: cron's by its manual, systemd's as systemd itself says."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.checks._calendar import Rhythm, cron, period, timer
from migrate.checks._cycle import last_run

START = date(2026, 11, 24)


def days(rhythm: Rhythm | None, count: int = 400) -> list[str]:
    """Return on which of the next days something runs."""
    assert rhythm is not None
    coming = (START + timedelta(days=number) for number in range(count))
    return [f"{day:%Y-%m-%d}" for day in coming if any(runs(day) for runs in rhythm.on)]


@pytest.mark.parametrize(
    ("schedule", "first"),
    [
        ("0 2 1 * *", ["2026-12-01", "2027-01-01"]),
        ("0 2 1,15 * *", ["2026-12-01", "2026-12-15"]),
        ("0 2 * * mon-fri", ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"]),
        ("0 2 * * 7", ["2026-11-29", "2026-12-06"]),
        ("0 2 * * 0", ["2026-11-29", "2026-12-06"]),
        ("0 2 31 dec *", ["2026-12-31"]),
        ("30 4 1,15 * 5", ["2026-11-27", "2026-12-01", "2026-12-04"]),
        ("0 0 */10 * 1", ["2026-12-21", "2027-01-11"]),
        ("@monthly", ["2026-12-01", "2027-01-01"]),
        ("@annually", ["2027-01-01"]),
        ("@weekly", ["2026-11-29"]),
        ("@reboot", []),
    ],
)
def test_crontabs(schedule: str, first: list[str]) -> None:
    """As crontab(5) says: where both kinds of day are restricted, either is enough.

    The examples are worked out by hand from the manual of Vixie cron (format as documented).
    """
    assert days(cron(schedule))[: len(first)] == first


@pytest.mark.parametrize(
    "schedule",
    ["0 2 L * *", "0 2 1W * *", "0 2 * *", "@every 5", "x", "", "0 2 32 * *", "0 2 0 * *"],
)
def test_what_no_manual_knows_is_not_read(schedule: str) -> None:
    """It is said to be unreadable, not to never run."""
    assert cron(schedule) is None


EVENTS = [
    "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "hourly",
    "Mon..Fri *-*-* 02:00", "*-*-* 6,18:00", "Sun *-*-1..7 1:00:00", "*:0/15", "12:00 UTC",
    "*-*~01 23:00", "*-*~01..03", "*-*~5/2", "*-*~1,3", "*-*~07/1", "Mon *-05~07/1",
    "*-04-05", "04-05", "Sat,Sun 03:00 Europe/London", "*-01,04,07,10-01 04:00 UTC",
    "*-*-1/5", "*-1/3-01", "Wed-Sat *-*-*", "*-*-28..31", "2027-03-31 01:00",
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_calendar_events_as_systemd_reads_them(event: str) -> None:
    """Each runs on the very days that ``systemd-analyze calendar`` tells, where that is here."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not here")
    options = ("--iterations=400", f"--base-time={START - timedelta(days=1)} 23:59:59")
    said = subprocess.run(
        [tool, "calendar", *options, event], capture_output=True, text=True, check=True, timeout=30
    )
    told = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ (\d{4}-\d\d-\d\d)", said.stdout)
    assert told
    until = date.fromisoformat(told[-1])
    assert days(timer(f"OnCalendar={event}"), (until - START).days + 1) == sorted(set(told))


@pytest.mark.parametrize(
    ("schedule", "every"),
    [
        ("OnBootSec=15min, OnUnitActiveSec=1d", 1),
        ("OnUnitInactiveSec=1week 2days", 9),
        ("OnUnitActiveSec=3600", 1 / 24),
        ("OnUnitActiveSec=1month", 30.44),
        ("OnBootSec=10min", 0),
    ],
)
def test_timers_that_count_from_the_last_run(schedule: str, every: float) -> None:
    """Their time spans are read as systemd.time(7) defines them (format as documented)."""
    rhythm = timer(schedule)
    assert rhythm is not None
    assert rhythm.every_days == pytest.approx(every, rel=1e-3)


@pytest.mark.parametrize(
    "schedule", ["OnCalendar=whenever", "OnUnitActiveSec=soon", "OnCalendar=*-*-* x", "nonsense"]
)
def test_timers_that_cannot_be_read(schedule: str) -> None:
    """One unreadable part makes the whole unreadable."""
    assert timer(schedule) is None
    assert timer(f"OnCalendar=daily, {schedule}") is None


@pytest.mark.parametrize(
    ("schedule", "every"),
    [("monthly", 31), ("weekly", 7), ("every 45 days", 45), ("@monthly", 31), ("15min", 1)],
)
def test_periods_of_folders_and_anacron(schedule: str, every: int) -> None:
    """A folder's name, and anacron's days, say the longest time from one run to the next."""
    assert period(schedule) == Rhythm(every_days=every)


def test_other_periods_are_not_read() -> None:
    """A folder that nobody knows is not taken for a rhythm."""
    assert period("now and then") is None


@given(
    days=st.sets(st.integers(1, 31), max_size=4),
    months=st.sets(st.integers(1, 12), max_size=4),
    weekdays=st.sets(st.integers(0, 6), max_size=2),
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
)
def test_the_window_holds_a_whole_run_and_is_not_longer_than_that(
    days: set[int], months: set[int], weekdays: set[int], today: date
) -> None:
    """Whatever the schedule: its last run that is over lies in it, with a day on either side."""
    fields = [",".join(map(str, sorted(some))) or "*" for some in (days, months, weekdays)]
    rhythm = cron(f"0 2 {fields[0]} {fields[1]} {fields[2]}")
    assert rhythm is not None
    (runs,) = rhythm.on
    since = last_run(runs, today)
    week = [today - timedelta(days=back) for back in range(2, 9)]
    if since is None:
        often = all(runs(day) for day in week) and runs(today - timedelta(days=1))
        past = [today - timedelta(days=back) for back in range(2, 9 * 366)]
        assert often or not any(runs(day) for day in past)
        return
    window = [since + timedelta(days=number) for number in range((today - since).days)]
    assert runs(window[1])
    ended = next(number for number, day in enumerate(window) if number > 1 and not runs(day))
    assert not runs(window[0]) or ended - 1 >= len(week)
    assert not any(runs(day) and not runs(after) for day, after in pairwise(window[ended:]))
