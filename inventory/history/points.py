"""Which moment of the estate's history somebody means: a run, a day, a time, or how long ago."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from inventory.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.model.run import Run

_AGO: Final = re.compile(r"(\d{1,5})\s*(m|h|d|w)(?:\s*ago)?\Z")
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_LAST: Final = re.compile(r"last(?:-(\d{1,4}))?\Z")
_HINT: Final = (
    "give a run (its id, last, or last-1 for the one before), a day (2026-11-01), a "
    "time (2026-11-01T09:00), how long ago (7d, 12h), or now; decant diff --runs lists the runs"
)


@dataclass(frozen=True, kw_only=True)
class Point:
    """A moment of the estate's history: the state is what was known by then."""

    title: str
    at: datetime
    """Inclusive; aware, UTC."""


def point(text: str, runs: Sequence[Run], now: datetime) -> Point:
    """Return the moment that ``text`` means. ``runs`` are in order, the oldest first.

    Raises:
        UsageError: it means nothing, more than one run, or something in the future.

    """
    found = _moment(text, now) or _run(text, runs)
    if found is None:
        raise UsageError(f"{text!r} is neither a run nor a time", hint=_HINT)
    if found.at > now:
        raise UsageError(f"{text!r} is in the future", hint=_HINT)
    return found


def _run(text: str, runs: Sequence[Run]) -> Point | None:
    last = _LAST.match(text)
    if last:
        places = [len(runs) - 1 - int(last[1] or 0)]
    else:
        places = [place for place, run in enumerate(runs) if text and run.id.startswith(text)]
    places = [place for place in places if 0 <= place < len(runs)]
    if len(places) > 1:
        ids = ", ".join(runs[place].id for place in places[:5])
        raise UsageError(f"{text!r} is the beginning of {len(places)} runs", hint=f"such as {ids}")
    if not places:
        return None
    (place,) = places
    run = runs[place]
    following = runs[place + 1] if place + 1 < len(runs) else None
    return Point(title=f"run {run.id}", at=_end(run, following))


def _end(run: Run, following: Run | None) -> datetime:
    """Return a moment by which everything of a run is known.

    A run that was cut off has no end: it reached to the beginning of the next, or at most a day.
    """
    if run.finished:
        return run.finished
    latest = run.started + timedelta(days=1)
    return min(latest, following.started - timedelta(microseconds=1)) if following else latest


def _moment(text: str, now: datetime) -> Point | None:
    if text == "now":
        return Point(title="now", at=now)
    ago = _AGO.match(text)
    if ago:
        at = now - int(ago[1]) * _UNITS[ago[2]]
        return Point(title=f"{at:%Y-%m-%d %H:%M} UTC", at=at)
    if "-" not in text[:5]:
        return None
    try:
        if len(text) == len("2026-11-01"):
            day = date.fromisoformat(text)
            end = datetime.combine(day, time.max, UTC)
            return Point(title=f"{day} (end of the day, UTC)", at=min(end, max(now, _start(day))))
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Point(title=f"{aware.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC", at=aware)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
