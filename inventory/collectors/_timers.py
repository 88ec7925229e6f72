"""Timers of systemd: when each one elapses, and what it starts. See systemd.timer(5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.software import JobKind, ScheduledJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDERS: Final = (
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
)
"""Where units lie; the first that has one counts."""
_SUFFIX: Final = ".timer"


def read_timers(wanted: Iterable[str], files: Mapping[str, str]) -> Iterator[ScheduledJob]:
    """Read those that some link wants; ``files`` are unit files and what is dropped into them."""
    for name in sorted({path.rpartition("/")[2] for path in wanted}):
        texts = list(_texts(name, files)) if name.endswith(_SUFFIX) and "*" not in name else []
        if texts:
            schedule, unit = _directives(texts)
            yield ScheduledJob(
                kind=JobKind.TIMER,
                source=name,
                schedule=", ".join(schedule),
                command=unit or f"{name.removesuffix(_SUFFIX)}.service",
            )


def _texts(name: str, files: Mapping[str, str]) -> Iterator[str]:
    template = f"{name.partition('@')[0]}@{_SUFFIX}" if "@" in name else name
    paths = [f"{folder}/{each}" for each in (name, template) for folder in FOLDERS]
    main = next((files[path] for path in paths if path in files), None)
    if main is None:
        return
    yield main
    for path in sorted(files):
        if path.startswith(f"{FOLDERS[0]}/{name}.d/"):
            yield files[path]


def _directives(texts: Iterable[str]) -> tuple[list[str], str | None]:
    """Return when it elapses, as written, and the unit that it names; empty takes back."""
    schedule: list[str] = []
    unit = None
    for line in "\n".join(texts).splitlines():
        name, _, value = (part.strip() for part in line.partition("="))
        if name == "Unit":
            unit = value or None
        elif name.startswith("On") and name[2:].isalpha():
            if value:
                schedule.append(f"{name}={value}")
            else:
                schedule.clear()
    return schedule, unit
