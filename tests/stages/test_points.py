"""A moment of the estate's history is named by a run, a day, a time, or how long ago it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import UsageError
from inventory.history.points import point
from inventory.model.run import Run

_NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _run(name: str, hours_ago: float, *, minutes: float | None = 10) -> Run:
    started = _NOW - timedelta(hours=hours_ago)
    finished = None if minutes is None else started + timedelta(minutes=minutes)
    return Run(id=name, command="discover", started=started, finished=finished)


_RUNS = (
    _run("20261121T1-aa", 48),
    _run("20261122T1-bb", 24, minutes=None),
    _run("20261123T1-cc", 2),
)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", _NOW),
        ("7d", _NOW - timedelta(days=7)),
        ("12h ago", _NOW - timedelta(hours=12)),
        ("2026-11-01T09:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T09:00+01:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, 23, 59, 59, 999999, UTC)),
        ("2026-11-23", _NOW),
        ("20261121", _NOW - timedelta(hours=48, minutes=-10)),
        ("last", _NOW - timedelta(hours=2, minutes=-10)),
        ("last-2", _NOW - timedelta(hours=48, minutes=-10)),
    ],
)
def test_a_moment_is_what_people_call_it(text: str, at: datetime) -> None:
    """Days are whole, so that what was found on a day is part of it; times are UTC unless told."""
    assert point(text, _RUNS, _NOW).at == at


def test_a_run_that_was_cut_off_reaches_to_the_next_and_no_further() -> None:
    """It has no end of its own; what the next run found is not part of it."""
    at = point("last-1", _RUNS, _NOW).at
    assert _RUNS[1].started < at < _RUNS[2].started


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither a run nor a time"),
        ("yesterday", "neither a run nor a time"),
        ("last-3", "neither a run nor a time"),
        ("2026-13-01", "neither a run nor a time"),
        ("2027-01-01", "in the future"),
        ("202611", "the beginning of 3 runs"),
    ],
)
def test_what_means_nothing_is_refused_with_words(text: str, said: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError, match=said):
        point(text, _RUNS, _NOW)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_is_refused(text: str) -> None:
    """No text is a bug, and no moment is in the future."""
    try:
        found = point(text, _RUNS, _NOW)
    except UsageError:
        return
    assert found.at <= _NOW
