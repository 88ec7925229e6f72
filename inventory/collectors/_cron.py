"""Lines of crontabs: the system's, which name an account, users' own, and anacron's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._secrets import without_secrets
from inventory.model.software import JobKind, ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIELDS: Final = 5
"""Of a schedule: minute, hour, day of month, month, day of week."""
_IGNORED: Final = ("~", ".rpmsave", ".rpmorig", ".rpmnew", ".dpkg-old", ".dpkg-dist", ".dpkg-new",
                   ".placeholder", ".bak")  # fmt: skip
"""How the names of files end that cron passes over."""
_SPOOLS: Final = ("/var/spool/cron/", "/var/cron/tabs/", "/etc/crontabs/")


def read_cron(lines: Iterable[str]) -> Iterator[ScheduledJob]:
    """Read ``path:line``; what is no job, such as an assignment, is passed over."""
    for line in lines:
        path, _, content = without_secrets(line).partition(":")
        content = content.strip()
        if path.startswith("/") and content[:1] in set("-0123456789*@"):
            job = _job(path, content)
            if job and not path.endswith(_IGNORED):
                yield job


def is_users_own(job: ScheduledJob) -> bool:
    """Tell whether a job stands in an account's own crontab."""
    return job.source.startswith(_SPOOLS)


def _job(path: str, content: str) -> ScheduledJob | None:
    if path == "/etc/anacrontab":
        return _anacron(path, content)
    named = content.startswith("@")
    count = 1 if named else _FIELDS
    words = content.removeprefix("-").split(None, count)
    if len(words) <= count:
        return None
    schedule, rest = " ".join(words[:count]), words[count]
    if path.startswith(_SPOOLS):
        user, command = path.rpartition("/")[2], rest
    else:
        user, _, command = rest.replace("\t", " ").partition(" ")
    if not command.strip():
        return None
    return ScheduledJob(
        kind=JobKind.CRON,
        source=path,
        schedule=schedule,
        command=command.strip(),
        user=user,
    )


def _anacron(path: str, content: str) -> ScheduledJob | None:
    """Read ``period delay identifier command``; the period is in days or a name."""
    words = content.split(None, 3)
    if len(words) <= 3:  # noqa: PLR2004  period, delay and identifier
        return None
    period = words[0] if words[0].startswith("@") else f"every {words[0]} days"
    return ScheduledJob(
        kind=JobKind.ANACRON, source=path, schedule=period, command=words[3], user="root"
    )
