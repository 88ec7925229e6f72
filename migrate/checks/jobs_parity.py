"""Every scheduled job of the old server is scheduled on the new one, as the same user, as often.

Jobs are the same when user and command are, wherever they are written; a cron line that became a
timer is to be explained. Of the work that systems schedule for themselves nothing is asked. Of
``at`` only the count of waiting jobs is known: they do not come along by themselves.

Keys: ``missing:PLACE:DIGEST``, ``schedule:PLACE:DIGEST``, ``at:OLD:NEW``, and, told only,
``new:PLACE:DIGEST``. The place is a file, script or timer; the digest is of user, schedule and
command, of a schedule of the old one's and the new one's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inventory.amount import amount
from inventory.model.software import AT_JOBS, SCHEDULED_JOBS, USER_JOBS, JobKind, ScheduledJob
from migrate.checks._differences import (
    NAMES,
    Comparison,
    Difference,
    Pair,
    both,
    joined,
    key,
    matches,
)
from migrate.checks._parity import judge, parameters
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_SYSTEM = (
    "/etc/cron.*/0anacron", "/etc/cron.*/apt-compat", "/etc/cron.*/aptitude",
    "/etc/cron.*/bsdmainutils", "/etc/cron.*/dpkg", "/etc/cron.*/google-chrome",
    "/etc/cron.*/logrotate", "/etc/cron.*/man-db*", "/etc/cron.*/mlocate", "/etc/cron.*/passwd",
    "/etc/cron.*/plocate", "/etc/cron.*/popularity-contest", "/etc/cron.*/rhsmd",
    "/etc/cron.*/ubuntu-advantage-tools", "/etc/cron.*/update-notifier-common",
    "/etc/cron.d/0hourly", "/etc/cron.d/anacron", "/etc/cron.d/e2scrub_all",
    "/etc/cron.d/popularity-contest", "/etc/cron.d/raid-check", "/etc/cron.d/sysstat",
    "anacron.timer", "apport-autoreport.timer", "apt-*.timer", "dnf-*.timer", "dpkg-*.timer",
    "e2scrub_*.timer", "esm-cache.timer", "fstrim.timer", "fwupd-*.timer", "insights-client.timer",
    "logrotate.timer", "man-db.timer", "mdadm-*.timer", "mdcheck_*.timer", "mdmonitor-*.timer",
    "mlocate-*.timer", "motd-news.timer", "packagekit-*.timer", "plocate-*.timer",
    "raid-check.timer", "snapd.*", "sysstat-*.timer", "systemd-*.timer", "ua-timer.timer",
    "ubuntu-advantage*.timer", "unbound-anchor.timer", "update-notifier-*.timer",
)  # fmt: skip
"""What Debian, Ubuntu, Red Hat and SUSE schedule for themselves, whatever the server is for."""
_TELLING = 12
"""Digits of a digest: enough to tell one server's jobs apart."""


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    system, users = both(sight, SCHEDULED_JOBS), both(sight, USER_JOBS)
    at = both(sight, AT_JOBS)
    if isinstance(system, CheckResult) and isinstance(users, CheckResult):
        return system
    left_out = matches(given.get("leave_out", _SYSTEM))
    is_new_told = not given.get("new_fails", False)
    parts = [
        _compare(_mattering(each, left_out), is_new_told=is_new_told)
        if isinstance(each, Pair)
        else each
        for each in (_together(system, users), *_apart(system, users))
    ]
    seen = joined("", *parts, _waiting(at) if isinstance(at, Pair) else at)
    agreed = f"the new server has the old one's {amount(seen.same, 'scheduled job')}"
    if not seen.same and not seen.differences:
        agreed = "the old server schedules nothing but what systems do for themselves"
    return judge(sight, given, joined(agreed, seen))


def _together(
    system: Pair[tuple[ScheduledJob, ...]] | CheckResult,
    users: Pair[tuple[ScheduledJob, ...]] | CheckResult,
) -> Pair[tuple[ScheduledJob, ...]] | CheckResult:
    """Return the system's and the users' jobs as one: a job may have gone from one to the other."""
    if isinstance(system, CheckResult):
        return system
    if isinstance(users, CheckResult):
        return users
    return Pair(old=(*system.old, *users.old), new=(*system.new, *users.new))


def _apart(
    system: Pair[tuple[ScheduledJob, ...]] | CheckResult,
    users: Pair[tuple[ScheduledJob, ...]] | CheckResult,
) -> Iterator[Pair[tuple[ScheduledJob, ...]]]:
    """Yield the one kind that both servers told, where they did not tell the other."""
    if isinstance(system, Pair) is not isinstance(users, Pair):
        yield from (each for each in (system, users) if isinstance(each, Pair))


def _mattering(pair: Pair[tuple[ScheduledJob, ...]], left_out: Any) -> Pair[list[ScheduledJob]]:
    def of(jobs: Iterable[ScheduledJob]) -> list[ScheduledJob]:
        return [each for each in jobs if not left_out.fullmatch(_place(each))]

    return Pair(old=of(pair.old), new=of(pair.new))


def _place(job: ScheduledJob) -> str:
    """Say where a job stands: the script of a folder such as ``/etc/cron.daily`` is its own."""
    return job.command if job.kind is JobKind.PERIODIC else job.source


def _compare(pair: Pair[list[ScheduledJob]], *, is_new_told: bool) -> Comparison:
    old, new = Counter(map(_whole, pair.old)), Counter(map(_whole, pair.new))
    lost = _taken(pair.old, old - new)
    added = _taken(pair.new, new - old)
    differences: list[Difference] = []
    for job in lost:
        again = next((each for each in added if _what(each) == _what(job)), None)
        if again is None:
            words = f"{_words(job)} is missing"
            differences.append(Difference(key=_key("missing", job), words=words))
        else:
            added.remove(again)
            words = f"{_words(job)} is scheduled {again.schedule} now"
            differences.append(Difference(key=_key("schedule", job, again), words=words))
    differences += [
        Difference(key=_key("new", each), words=f"{_words(each)} is new", told=is_new_told)
        for each in added
    ]
    return Comparison(differences=tuple(differences), same=len(pair.old) - len(lost))


def _taken(jobs: Iterable[ScheduledJob], wanted: Counter[tuple[str, ...]]) -> list[ScheduledJob]:
    left = wanted.copy()
    found = []
    for each in jobs:
        if left[_whole(each)] > 0:
            left[_whole(each)] -= 1
            found.append(each)
    return found


def _what(job: ScheduledJob) -> tuple[str, ...]:
    """Return what tells one job from another: a timer's name, or who runs what."""
    if job.kind is JobKind.TIMER:
        return ("timer", job.source)
    return ("line", job.user or "", " ".join(job.command.split()))


def _whole(job: ScheduledJob) -> tuple[str, ...]:
    schedule = " ".join(job.schedule.split())
    return (*_what(job), schedule, job.command if job.kind is JobKind.TIMER else "")


def _key(kind: str, *jobs: ScheduledJob) -> str:
    told = "\n".join("\0".join(_whole(each)) for each in jobs)
    digest = hashlib.sha256(told.encode(errors="backslashreplace")).hexdigest()
    return key(kind, _place(jobs[0]), digest[:_TELLING])


def _words(job: ScheduledJob) -> str:
    who = f" as {job.user}" if job.user else ""
    what = job.source if job.kind is JobKind.TIMER else job.command
    return f"{what} ({job.schedule}{who}, {job.source})"


def _waiting(pair: Pair[int]) -> Comparison:
    if pair.old <= pair.new:
        return Comparison(same=0)
    wait = amount(pair.old, "job waits", "jobs wait")
    words = f"{wait} for at on the old server, and {pair.new} on the new one"
    return Comparison(differences=(Difference(key=key("at", pair.old, pair.new), words=words),))


CHECK = Check(
    parameters=parameters(
        {
            "leave_out": {
                **NAMES,
                "description": "Jobs that do not matter, by file, script or timer; * stands for "
                "anything. Unless given, those that systems schedule for themselves.",
                "default": list(_SYSTEM),
            },
            "new_fails": {
                "type": "boolean",
                "description": "Whether jobs that only the new server has are to be explained.",
                "default": False,
            },
        }
    ),
    run=_run,
    reads="Compares timers and crontabs of both servers, and how many jobs wait for at.",
    about=About.BOTH,
)
