"""A server's scheduled jobs, all of them or why they are not known."""

from __future__ import annotations

from inventory.amount import amount
from inventory.model.fact import Facts, Unknown
from inventory.model.software import AT_JOBS, SCHEDULED_JOBS, USER_JOBS, JobKind, ScheduledJob

AT_SCHEDULE = "once, at a time that is not told"


def jobs_of(facts: Facts | Unknown) -> tuple[ScheduledJob, ...] | Unknown:
    """Return the system's and the accounts' jobs, and one that stands for those of at."""
    if isinstance(facts, Unknown):
        return facts
    system, users, waiting = (facts.of(key) for key in (SCHEDULED_JOBS, USER_JOBS, AT_JOBS))
    for name, each in (("system's jobs", system), ("accounts' jobs", users), ("at", waiting)):
        if isinstance(each, Unknown):
            return Unknown(reason=each.reason, detail=f"{name}: {each.detail}".rstrip(": "))
    found = (*(facts.value(SCHEDULED_JOBS) or ()), *(facts.value(USER_JOBS) or ()))
    count = facts.value(AT_JOBS) or 0
    return (*found, _waiting(count)) if count else found


def _waiting(count: int) -> ScheduledJob:
    words = amount(count, "job")
    return ScheduledJob(
        kind=JobKind.CRON, source="at", schedule=AT_SCHEDULE, command=f"{words} of at"
    )
