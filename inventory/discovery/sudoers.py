"""A sudoers(5) file that allows one account what collectors ask for, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from inventory.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.discovery.privileges import Command

_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\$?\Z")
_FOLDERS = ("/usr/bin", "/usr/sbin", "/bin", "/sbin")
"""Where the tools of an operating system are; no folder that others than root can write to."""
_TRUE = ("true",)
"""What is asked first, to see whether sudo needs a password."""
_HEADING = """# What decant discover --sudo may ask of root on a server, and nothing else.
# Printed by decant sudoers; put it there as /etc/sudoers.d/decant (mode 0440) after
#     visudo -c -f FILE
# Every command only reads, and is allowed with exactly these arguments.
Defaults:{user} !requiretty
"""


def sudoers_file(user: str, commands: Iterable[Command]) -> str:
    """Return the file for ``user``, each command at each place where systems have it.

    Raises:
        UsageError: it is no name that sudoers takes as it stands.

    """
    if not _USER.match(user):
        raise UsageError(f"{user!r} is no name of an account", hint="decant sudoers --user NAME")
    lines = [_HEADING.format(user=user)]
    for command in (_TRUE, *commands):
        name, arguments = command[0], _escaped(" ".join(command[1:])) or '""'
        places = (name,) if name.startswith("/") else tuple(f"{each}/{name}" for each in _FOLDERS)
        lines += [f"{user} ALL=(root) NOPASSWD: {place} {arguments}\n" for place in places]
    return "".join(lines)


def _escaped(arguments: str) -> str:
    """Write arguments so that they mean themselves: as the pattern that they are, and in the file.

    What is run is compared with them when both are joined by blanks. A blank that is more than a
    separator is escaped; a line feed, which the file cannot hold, becomes the pattern for any one
    character.
    """
    pattern = re.sub(r"([*?\[\]\\])", r"\\\1", arguments).replace("\n", "?")
    pieces = re.finditer(r"\\[*?\[\]]|(?<=\S) (?=\S)|.", pattern)
    return "".join(_in_file(found[0], pattern, found.start()) for found in pieces)


def _in_file(piece: str, pattern: str, start: int) -> str:
    near = pattern[max(0, start - 1) : start + 2]
    if piece == " " and re.fullmatch(r"\S \S", near):
        return piece
    return f"\\{piece}" if piece in {"\\", ",", ":", "=", "#", " ", "\t"} else piece
