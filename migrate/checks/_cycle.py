"""A server's business cycle: how far back a window must reach to hold a run of each of its jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Final

from inventory.model.software import JobKind, ScheduledJob
from migrate.checks._calendar import Rhythm, Runs, cron, period, timer

_MARGIN: Final = timedelta(days=1)
"""On both sides of a day that counts, so that no time zone lets it begin or end outside."""
_MOST_DAYS: Final = 9 * 366
"""How far back a run is looked for: 29 February comes once in eight years at the rarest."""
_WEEK: Final = 7
_READ: Final[Mapping[JobKind, Callable[[str], Rhythm | None]]] = {
    JobKind.CRON: cron,
    JobKind.PERIODIC: period,
    JobKind.ANACRON: period,
    JobKind.TIMER: timer,
}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one job asks of a window."""

    job: ScheduledJob
    since: date
    """The window must begin on or before this day."""


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """What all jobs together ask of a window."""

    turns: tuple[Turn, ...]
    """Those that ask for something, the one that asks for most first."""
    unread: tuple[ScheduledJob, ...]
    """Those whose schedule cannot be read."""


def cycle_of(jobs: Iterable[ScheduledJob], ignored: Sequence[str], today: date) -> Cycle:
    """Return what jobs ask of a window that ends today; those that match a pattern ask nothing."""
    turns: list[Turn] = []
    unread: list[ScheduledJob] = []
    for job in dict.fromkeys(jobs):
        if matches(job, ignored):
            continue
        rhythm = _READ[job.kind](job.schedule)
        if rhythm is None:
            unread.append(job)
            continue
        since = _since(rhythm, today)
        if since is not None:
            turns.append(Turn(job=job, since=since))
    turns.sort(key=lambda each: each.since)
    return Cycle(turns=tuple(turns), unread=tuple(unread))


def matches(job: ScheduledJob, patterns: Sequence[str]) -> bool:
    """Tell whether a job's source or command is like one of the patterns, ``*`` for anything."""
    return any(
        fnmatchcase(text, pattern) for pattern in patterns for text in (job.source, job.command)
    )


def last_run(runs: Runs, today: date) -> date | None:
    """Return the day before the last run of consecutive days that is over began; None if none.

    Days that follow each other are taken as one: what runs on the 28th to the 31st may do its
    work on any of them. Of more than a week the last week is enough; and what has run every day of
    the last week has no cycle that a window could miss.
    """
    day = today - _MARGIN
    is_over = not runs(day)
    in_a_row = 0
    for _ in range(_MOST_DAYS):
        day -= _MARGIN
        if runs(day):
            in_a_row += 1
            if in_a_row == _WEEK:
                return day - _MARGIN if is_over else None
        else:
            if in_a_row and is_over:
                return day
            in_a_row, is_over = 0, True
    return None


def _since(rhythm: Rhythm, today: date) -> date | None:
    asked = [last_run(runs, today) for runs in rhythm.on]
    if rhythm.every_days:
        asked.append(today - timedelta(days=rhythm.every_days) - _MARGIN)
    return min((each for each in asked if each is not None), default=None)
