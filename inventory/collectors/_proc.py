"""What ``/proc`` says of processes, as older questions asked for it: each line with its path.

Lines of ``status``, ``stat``, ``cgroup`` and ``cmdline`` come as ``path:line``. Arguments of a
command line are parted by tabs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._cgroup import container_of, unit_of
from inventory.collectors._secrets import without_secrets
from inventory.collectors._text import number
from inventory.model.parts import Process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROC: Final = "/proc/"
_KERNEL_NAME: Final = 15
"""The kernel keeps no more of a process's name (TASK_COMM_LEN of sched.h)."""
TICKS: Final = 100
"""Ticks a second that the kernel shows to programs (USER_HZ), whatever its own clock."""
_UTIME: Final = 11
_STIME: Final = 12
_START: Final = 19
"""Fields of ``/proc/PID/stat`` after the name, from 0: numbers 14, 15 and 22 of proc(5)."""
UID: Final = 2
"""Field of a line of ``/etc/passwd`` that is the number, from 0."""
_STATUS: Final = frozenset({"Name", "PPid", "Uid", "VmRSS"})

_Lines = dict[str, str]
"""What one process's files say, by the name of the line: Name, PPid, Uid, VmRSS, stat, group."""


def read_proc(status: str, commands: str, users: Mapping[str, str]) -> dict[int, Process]:
    """Return the processes that have a command line, by number. ``users`` are names by uid."""
    told: dict[str, _Lines] = {}
    names: dict[str, str] = {}
    booted = None
    for line in status.splitlines():
        path, _, content = line.partition(":")
        pid, _, file = path.removeprefix(_PROC).partition("/")
        if pid == "stat":
            booted = number(content.removeprefix("btime "))
        elif path.startswith(_PROC):
            _note(told.setdefault(pid, {}), file, content)
        elif path == "/etc/passwd" and content.count(":") > UID:
            words = content.split(":", UID + 1)
            names.setdefault(words[UID], words[0])
    return dict(_processes(commands, told, {**names, **users}, booted))


def _note(lines: _Lines, file: str, content: str) -> None:
    if file == "status":
        name, _, value = content.partition(":\t")
        if name in _STATUS:
            lines[name] = value
    elif file == "stat":
        lines["stat"] = content.rpartition(") ")[2]
    elif file == "cgroup":
        group = content.rpartition(":")[2]
        # Version 2's line is empty where systemd still keeps its own tree of version 1.
        if len(group) > len(lines.get("group", "")):
            lines["group"] = group


def _processes(
    commands: str, told: Mapping[str, _Lines], users: Mapping[str, str], booted: int | None
) -> Iterator[tuple[int, Process]]:
    seen = set()
    for line in commands.splitlines():
        path, _, command = line.partition(":")
        pid, _, file = path.removeprefix(_PROC).partition("/")
        key = number(pid)
        if file == "cmdline" and pid in told and key is not None and pid not in seen:
            seen.add(pid)
            yield key, _process(key, command, told[pid], users, booted)


def _process(
    pid: int, command: str, lines: _Lines, users: Mapping[str, str], booted: int | None
) -> Process:
    arguments = without_secrets(f"cmdline:{command}").partition(":")[2].rstrip("\t")
    uid = [*lines.get("Uid", "").split("\t"), "", ""][1]  # real, effective, saved, filesystem's
    group = lines.get("group", "")
    container = container_of(group)
    used, started = _times(lines.get("stat", ""), booted)
    kilobytes = number(lines.get("VmRSS", "").removesuffix("kB"))
    return Process(
        pid=pid,
        name=name_of(lines.get("Name", ""), arguments),
        command_line=arguments.replace("\t", " ").strip(),
        parent_pid=number(lines.get("PPid")),
        user=users.get(uid, uid) or None,
        started_at=started,
        cpu_seconds=used,
        memory_bytes=None if kilobytes is None else kilobytes * 1024,
        unit=None if container else unit_of(group),
        container=container,
    )


def _times(stat: str, booted: int | None) -> tuple[float | None, datetime | None]:
    """Return the processor time that a process used, in seconds, and when it started."""
    fields = stat.split(" ", _START + 1)
    if len(fields) <= _START:
        return None, None
    user, system, start = number(fields[_UTIME]), number(fields[_STIME]), number(fields[_START])
    used = None if user is None or system is None else (user + system) / TICKS
    return used, started_at(booted, start)


def started_at(booted: int | None, ticks: int | None) -> datetime | None:
    """Return when a process started: so many ticks after the server was booted; None: unknown."""
    if booted is None or ticks is None:
        return None
    try:
        return datetime.fromtimestamp(booted + ticks // TICKS, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def name_of(kept: str, arguments: str) -> str:
    """Return the name, whole where the kernel cut it and the command line tells the rest.

    ``kept`` is what the kernel keeps of it; where that is unknown, it is the program's.
    """
    if kept and len(kept) < _KERNEL_NAME:
        return kept
    program = arguments.partition("\t")[0].partition(" ")[0].rpartition("/")[2]
    return program if program.startswith(kept) else kept
