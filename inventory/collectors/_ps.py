"""What ``ps`` says of processes, where there is no ``/proc`` that tells.

The columns are those that POSIX names: process, parent, user, processor time, and what runs, which
is either the whole command line, its arguments parted by blanks, or the program alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._secrets import without_secrets
from inventory.collectors._text import number
from inventory.model.parts import Process

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS: Final = 5
_TIME: Final = re.compile(
    r"(?:(?P<days>\d{1,6})-)?(?:(?P<hours>\d{1,7}):)?(?P<minutes>\d{1,7}):(?P<seconds>\d\d(?:\.\d+)?)"
)
_DAY: Final = 86_400
_HOUR: Final = 3_600


def read_ps(text: str) -> Iterator[Process]:
    """Read every line that is a process; the kernel's own threads are passed over."""
    for line in text.splitlines():
        words = line.split(None, _COLUMNS - 1)
        if len(words) < _COLUMNS or words[4].startswith("["):
            continue
        pid, parent = number(words[0]), number(words[1])
        if pid is not None and parent is not None:
            yield Process(
                pid=pid,
                name=_name(words[4]),
                command_line=without_secrets(f"ps: {words[4]}").removeprefix("ps: ").strip(),
                parent_pid=parent,
                user=words[2],
                cpu_seconds=_seconds(words[3]),
            )


def _name(command: str) -> str:
    """Return the program's name, or what a server process such as nginx calls itself."""
    program = command.split(None, 1)[0]
    return program.rpartition("/")[2].rstrip(":") or program


def _seconds(time: str) -> float | None:
    """Read ``1-02:03:04``, ``02:03:04``, ``03:04`` and FreeBSD's ``3:04.56``."""
    match = _TIME.fullmatch(time)
    if not match:
        return None
    days, hours, minutes = (int(match[each] or 0) for each in ("days", "hours", "minutes"))
    return days * _DAY + hours * _HOUR + minutes * 60 + float(match["seconds"])
