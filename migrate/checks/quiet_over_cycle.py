"""Nobody used the old server for as long as its business cycle takes.

The window reaches back over at least so many days, over the last completed run of each of its
scheduled jobs (the 1st of the month, the quarter's end, the year's), and over days that are named.
Discovery must have looked at it all that time, without a longer pause than is allowed. What looks
cannot see is told with the result.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from inventory.amount import amount
from inventory.model.fact import Unknown
from inventory.model.facts import CONNECTIONS
from inventory.model.software import ScheduledJob
from migrate.checks._callers import Callers, callers
from migrate.checks._cycle import Cycle, cycle_of, last_run
from migrate.checks._jobs import jobs_of
from migrate.checks._ports import PORT
from migrate.checks._say import fact, failed, listed, passed, unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_MIN_DAYS = 35
_MOST_HOURS = 24
_CYCLES = {"month": 35, "quarter": 97, "year": 371}
"""How many days certainly hold the end and the beginning of each."""
_MOST_TOLD = 100
_BLIND = (
    "connections that began and ended between two looks",
    "UDP, which knows no connections",
    "clients behind a load balancer, a proxy or address translation, which show its address",
    "use by other ways than the network: a console, shared storage, a backup of its disks",
)


@dataclass(frozen=True, kw_only=True)
class _Window:
    needed: datetime
    """It must reach back to here."""
    begins: datetime | None
    """From here on there was no longer pause than is allowed; None when nobody looks now."""
    looks: int
    largest_gap: timedelta


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    connections = fact(sight.old, CONNECTIONS, "the old server")
    if isinstance(connections, CheckResult):
        return connections
    given = {**_DEFAULTS, **parameters}
    for each in given["ignore"]:
        if not _is_network(each["from"]):
            return unknown(f"a parameter is wrong: {each['from']} is neither address nor network")
    jobs = _jobs(sight, given)
    if isinstance(jobs, CheckResult):
        return jobs
    today = sight.now.astimezone(UTC).date()
    cycle = cycle_of(jobs, given["ignore_jobs"], today)
    if cycle.unread and given["cycle"] == "from-jobs":
        words = listed([_job(each) for each in cycle.unread])
        return unknown(
            f"it cannot be read when these jobs run, so the cycle is not known: {words}; name "
            "them under ignore_jobs when they do not matter, or give cycle"
        )
    pause = timedelta(hours=given["most_hours_between_looks"])
    window = _window(sight, _needed(sight, cycle, given, today), pause)
    found = callers(sight, given, window.needed)
    return _judge(window, cycle, found, pause)


def _jobs(sight: Sight, given: Mapping[str, Any]) -> tuple[ScheduledJob, ...] | CheckResult:
    """Return the jobs that it has, and those that it had when the window began, or at a first act.

    They set the cycle even where they have been removed since.
    """
    now = jobs_of(sight.old)
    if isinstance(now, Unknown) and given["cycle"] == "from-jobs":
        return unknown(
            f"its jobs are not known, so neither is its cycle: {now}; give cycle: month, quarter "
            "or year"
        )
    moments = [sight.now - timedelta(days=given["min_days"])]
    moments += [each.intent.at for each in sight.acts[:1]]
    seen = [now, *(jobs_of(sight.past.known(each)) for each in moments)]
    return tuple(job for jobs in seen if not isinstance(jobs, Unknown) for job in jobs)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _needed(sight: Sight, cycle: Cycle, given: Mapping[str, Any], today: date) -> datetime:
    days = max(given["min_days"], _CYCLES.get(given["cycle"], 0))
    asked = [sight.now - timedelta(days=days), *(_midnight(each.since) for each in cycle.turns)]
    for named in given["must_include"]:
        since = last_run(lambda day, named=named: f"{day:%m-%d}" == named, today)  # type: ignore[misc]
        if since is not None:
            asked.append(_midnight(since))
    return min(asked)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _window(sight: Sight, needed: datetime, pause: timedelta) -> _Window:
    """Follow the looks back from now, as long as none is further from the next than a pause."""
    later, begins, count, gap = sight.now, None, 0, timedelta(0)
    for look in reversed(sight.past.looks(needed - pause)):
        at = min(look, sight.now)
        if later - at > pause:
            break
        begins, count, gap = at, count + 1, max(gap, later - at)
        later = at
        if at <= needed:
            break
    return _Window(needed=needed, begins=begins, looks=count, largest_gap=gap)


def _judge(window: _Window, cycle: Cycle, found: Callers, pause: timedelta) -> CheckResult:
    observed = _observed(window, cycle, found, pause)
    aside = f"; not counted: {listed(list(found.ignored), 3)}" if found.ignored else ""
    if found.users:
        return failed(
            f"used since {window.needed:%Y-%m-%d}: {listed(list(found.users))}{aside}", **observed
        )
    needed = f"it must reach back to {window.needed:%Y-%m-%d %H:%M} UTC{_because(window, cycle)}"
    often = f"every {_hours(pause)}"
    if window.begins is None:
        return unknown(f"nobody has looked at it {often} up to now; {needed}", **observed)
    if window.begins > window.needed:
        return unknown(
            f"no use was seen, but it was looked at {often} only since "
            f"{window.begins:%Y-%m-%d %H:%M} UTC, and {needed}: let decant discover look so often",
            **observed,
        )
    looks = amount(window.looks, "look")
    return passed(
        f"no use was seen from {window.begins:%Y-%m-%d %H:%M} UTC on, in {looks} at "
        f"most {_hours(window.largest_gap)} apart{aside}; not seen: {_BLIND[0]}, "
        "and more, under blind_spots",
        **observed,
    )


def _because(window: _Window, cycle: Cycle) -> str:
    turn = cycle.turns[0] if cycle.turns else None
    is_its = turn is not None and _midnight(turn.since) == window.needed
    return f", to hold a whole run of {_job(turn.job)}" if turn and is_its else ""


def _observed(window: _Window, cycle: Cycle, found: Callers, pause: timedelta) -> dict[str, Any]:
    return {
        "needed_since": window.needed.isoformat(),
        "looked_since": window.begins.isoformat() if window.begins else None,
        "looks": window.looks,
        "largest_gap_hours": round(window.largest_gap.total_seconds() / 3600, 1),
        "allowed_gap_hours": pause.total_seconds() / 3600,
        "cycle": [
            {"job": _job(each.job), "needs_since": each.since.isoformat()}
            for each in cycle.turns[:_MOST_TOLD]
        ],
        "unread_jobs": [_job(each) for each in cycle.unread[:_MOST_TOLD]],
        "users": list(found.users[:_MOST_TOLD]),
        "not_counted": list(found.ignored[:_MOST_TOLD]),
        "outward": list(found.outward[:_MOST_TOLD]),
        "blind_spots": [*_BLIND, *found.blind],
    }


def _job(job: ScheduledJob) -> str:
    return f"{job.source} ({job.schedule})"


def _hours(length: timedelta) -> str:
    hours = f"{length.total_seconds() / 3600:.3g}"
    return "1 hour" if hours == "1" else f"{hours} hours"


_DEFAULTS: dict[str, Any] = {
    "min_days": _MIN_DAYS,
    "most_hours_between_looks": _MOST_HOURS,
    "cycle": "from-jobs",
    "must_include": [],
    "ignore_jobs": [],
    "ignore": [],
    "count_outward": False,
}

CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "min_days": {
                "description": "How many days it must have been quiet at the least.",
                "type": "integer",
                "minimum": 1,
                "maximum": 800,
                "default": _MIN_DAYS,
            },
            "most_hours_between_looks": {
                "description": "The longest pause between two looks of discovery that is allowed.",
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": 168,
                "default": _MOST_HOURS,
            },
            "cycle": {
                "description": "How long its business cycle is; from its scheduled jobs unless "
                "given. When given, jobs that are not known or cannot be read do not matter.",
                "enum": ["from-jobs", *_CYCLES],
                "default": "from-jobs",
            },
            "must_include": {
                "description": "Days of the year that the window must hold, such as 03-31 and "
                "04-05 for the ends of the financial year and of the tax year.",
                "type": "array",
                "items": {
                    "type": "string",
                    "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
                },
                "uniqueItems": True,
                "default": [],
            },
            "ignore_jobs": {
                "description": "Jobs that say nothing of the business cycle, by source or command; "
                "* stands for anything.",
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "default": [],
            },
            "ignore": {
                "description": "Whose connections do not count: monitoring, backup, the server "
                "that Decant runs on. They are listed in the result.",
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["from", "why"],
                    "additionalProperties": False,
                    "properties": {
                        "from": {
                            "description": "Address or network: 10.0.0.9, 10.0.8.0/24.",
                            "type": "string",
                            "minLength": 1,
                        },
                        "port": PORT,
                        "why": {"type": "string", "minLength": 1},
                    },
                },
                "default": [],
            },
            "ignore_ports": {
                "description": "Ports of the old server whose use does not count, whoever uses "
                "them; unless given, 22 and the port by which the server is asked do not count "
                "for clients outside the estate.",
                "type": "array",
                "items": PORT,
                "uniqueItems": True,
            },
            "count_outward": {
                "description": "Whether connections that the old server itself opened count too: "
                "then it must not work for others either.",
                "type": "boolean",
                "default": False,
            },
        },
    },
    run=_run,
    reads="Looks back on what discovery saw of the old server's connections, at it and at others, "
    "and on its scheduled jobs.",
    about=About.OLD,
)
