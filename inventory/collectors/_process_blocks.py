"""What ``/proc`` says of processes in a few bare lines each, without the paths of its files.

Each process has a block: its line of ``stat``, then of ``status`` the lines ``Uid`` and ``VmRSS``,
then those of ``cgroup`` that name a unit or a container. Before the first of them stand lines of
``/etc/passwd`` and the time of the start.

A command line follows the name of its file: on the same line, or on the next, after a colon.

Whoever runs a process chooses its name, which ``stat`` shows with its line breaks: a block whose
first line is not whole is not believed, and of two of the same process neither is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from inventory.collectors._cgroup import container_of, unit_of
from inventory.collectors._proc import TICKS, UID, name_of, started_at
from inventory.collectors._secrets import without_secrets
from inventory.model.parts import Process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLOCK: Final = re.compile(
    r"^([0-9]{1,10}) \((.*)\) [^ \n] ([0-9]{1,10}) (?:-?[0-9]{1,20} ){9}"
    r"([0-9]{1,15}) ([0-9]{1,15}) (?:-?[0-9]{1,20} ){6}([0-9]{1,15}) .*\n"
    r"(?:Uid:\t[0-9]+\t([0-9]{1,10})\t.*\n)?(?:VmRSS:[ \t]*([0-9]{1,15}) kB\n)?"
    r"((?:[0-9]{1,3}:.*\n)*)",
    re.MULTILINE,
)
_BEGUN: Final = re.compile(r"^([0-9]{1,10}) \(", re.MULTILINE)
_BOOTED: Final = re.compile(r"^btime ([0-9]{1,12})$", re.MULTILINE)
_COMMAND: Final = re.compile(r"^/proc/([0-9]{1,10})/cmdline:(.*)$", re.MULTILINE)

_Block = tuple[str, ...]
"""Name, parent, ticks in programs and in the kernel, ticks from boot to start, user, kilobytes of
memory, lines of groups."""
_NOTHING: Final = ("",) * 8
"""What is told by a block that is not to be believed."""


def read_blocks(text: str, commands: str) -> dict[int, Process]:
    """Return the processes that have a command line, by number.

    One that has no block has ended meanwhile, as what asked has. One whose block cannot be believed
    is there, with its name and no more.
    """
    blocks, users, booted = _taken_apart(f"{text}\n")
    return dict(_processes(commands, blocks, users, booted))


def _taken_apart(text: str) -> tuple[dict[str, _Block], dict[str, str], int | None]:
    blocks: dict[str, _Block] = dict.fromkeys(_BEGUN.findall(text), _NOTHING)
    seen = set()
    head = len(text)
    for match in _BLOCK.finditer(text):
        pid, *block = match.groups("")
        head = min(head, match.start())
        blocks[pid] = _NOTHING if pid in seen else tuple(block)
        seen.add(pid)
    booted = _BOOTED.search(text, 0, head)
    return blocks, _users(text[:head]), int(booted[1]) if booted else None


def _users(text: str) -> dict[str, str]:
    users: dict[str, str] = {}
    for line in text.split("\n"):
        words = line.split(":", UID + 1)
        if len(words) > UID:
            users.setdefault(words[UID], words[0])
    return users


def _processes(
    commands: str, blocks: Mapping[str, _Block], users: Mapping[str, str], booted: int | None
) -> Iterator[tuple[int, Process]]:
    first = dict(reversed(_COMMAND.findall(commands.replace("/cmdline\n:", "/cmdline:"))))
    for pid, command in reversed(first.items()):
        block = blocks.get(pid)
        if block:
            yield int(pid), _process(int(pid), command, block, users, booted)


def _process(
    pid: int, command: str, block: _Block, users: Mapping[str, str], booted: int | None
) -> Process:
    arguments = without_secrets(f"cmdline:{command}")[len("cmdline:") :].rstrip("\t")
    name, parent, user_ticks, system_ticks, start, uid, kilobytes, groups = block
    unit, container = _place(groups)
    made = object.__new__(Process)
    # A frozen class sets each field slowly, and there may be thousands.
    vars(made).update(
        pid=pid,
        name=name_of(name, arguments),
        command_line=arguments.replace("\t", " ").strip(),
        parent_pid=int(parent) if parent else None,
        user=users.get(uid, uid) or None,
        started_at=started_at(booted, int(start) if start else None),
        cpu_seconds=(int(user_ticks) + int(system_ticks)) / TICKS if parent else None,
        memory_bytes=int(kilobytes) * 1024 if kilobytes else None,
        unit=unit,
        container=container,
    )
    return made


@lru_cache(maxsize=2048)
def _place(groups: str) -> tuple[str | None, str | None]:
    """Return the unit, or the container, that lines of ``cgroup`` name."""
    # Version 2's line is empty where systemd still keeps its own tree of version 1.
    group = max((line.rpartition(":")[2] for line in groups.split("\n")), key=len)
    container = container_of(group)
    return (None, container) if container else (unit_of(group), None)
