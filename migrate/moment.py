"""Whether now is a time for acting: a stage's weekly windows, and the estate's freezes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from migrate.model.case import Freeze
from migrate.model.playbook import Window

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def shut(windows: Sequence[Window], freezes: Sequence[Freeze], now: datetime) -> str:
    """Say why nothing may be done at a moment; empty when something may."""
    for freeze in freezes:
        if freeze.start <= now < freeze.end:
            return f"a freeze until {freeze.end:%Y-%m-%d %H:%M} UTC: {freeze.why}"
    if not windows or any(_open(each, now) for each in windows):
        return ""
    return f"only done {'; or '.join(_words(each) for each in windows)}"


def _open(window: Window, now: datetime) -> bool:
    there = now.astimezone(ZoneInfo(window.zone))
    return there.weekday() in window.days and window.start <= there.time() < window.end


def _words(window: Window) -> str:
    days = ", ".join(_DAYS[day] for day in window.days)
    return f"{days} {window.start:%H:%M} to {window.end:%H:%M} {window.zone}"
