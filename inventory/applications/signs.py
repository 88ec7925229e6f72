"""The names under which a running process may be known, and what a package's version says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inventory.model.parts import Process

_INTERPRETER: Final = re.compile(r"(python|pypy|ruby|perl|node|nodejs|php)[\d.]*\Z")
_NUMBERED: Final = re.compile(r"(python|pypy|ruby|perl|php)\d[\d.]*\Z")
_EXTENSION: Final = re.compile(r"\.(py|pyc|pl|rb|js|mjs|cjs|php|sh)\Z")
_EPOCH: Final = re.compile(r"\d+:")
_PARTS: Final = frozenset({
    "client", "clients", "common", "contrib", "data", "dbg", "dbgsym", "debuginfo", "dev",
    "devel", "doc", "docs", "filesystem", "i18n", "jdbc", "lib", "libs", "odbc", "selinux",
    "tools", "utils",
})  # fmt: skip
_FILLING: Final = re.compile(r"((core-)?\d[\da-z.+~]*|server|community|enterprise|)\Z")
"""What the ``*`` in a package's name may stand for and still be the package itself."""


def program_names(name: str, command_line: str) -> tuple[str, ...]:
    """Return the names that a process may be known by, the most telling first.

    A script that an interpreter runs comes before the interpreter: ``gunicorn`` before
    ``python3``, and what BusyBox was called for before ``busybox``. Several of them may be the same
    program.
    """
    program, *arguments = command_line.split(maxsplit=1) or ("",)
    plain = _plain_names(name, program)
    if plain is not None:
        return plain
    words = " ".join(arguments).split()
    called = words[:1] if _base(program) == "busybox" else []
    script = _script(words) if _is_interpreter(name, program) else []
    return _told((*script, *called, name, _base(program)))


@lru_cache(maxsize=8_192)
def _plain_names(name: str, program: str) -> tuple[str, ...] | None:
    """Return the names of what is known by its own name; None where its arguments tell more."""
    if _base(program) == "busybox" or _is_interpreter(name, program):
        return None
    return _told((name, _base(program)))


def _base(program: str) -> str:
    return program.rstrip(":").rpartition("/")[2]


def _is_interpreter(name: str, program: str) -> bool:
    return bool(_INTERPRETER.match(_base(program)) or _INTERPRETER.match(name))


def _told(found: tuple[str, ...]) -> tuple[str, ...]:
    numbered = [match[1] for match in map(_NUMBERED.match, found) if match]
    return tuple(dict.fromkeys(each.casefold() for each in (*found, *numbered) if each))


def script_of(process: Process) -> str | None:
    """Return what an interpreter runs, ``shop.py`` or ``http.server``; None when it is none."""
    words = process.command_line.split()
    program = words[0].rpartition("/")[2] if words else ""
    if not _INTERPRETER.match(program):
        return None
    for position, word in enumerate(words[1:], start=1):
        if word == "-m" and position + 1 < len(words):
            return words[position + 1]
        if not word.startswith("-"):
            return word.rpartition("/")[2] or None
    return None


def _script(arguments: list[str]) -> list[str]:
    for position, word in enumerate(arguments):
        if word == "-m":
            return arguments[position + 1 : position + 2]
        if not word.startswith("-"):
            return [_EXTENSION.sub("", word.rpartition("/")[2])]
    return []


def is_part_of(package: str, pattern: str, filling: tuple[str, ...]) -> bool:
    """Tell whether a package whose name fits a pattern is the application itself.

    Its clients, libraries and documents, which share its name, are not.
    """
    extra = set(re.split(r"[-_.]", package)) - set(re.split(r"[-_.]", pattern))
    return not extra & _PARTS and all(_FILLING.match(each) for each in filling)


def plain_version(version: str) -> str:
    """Return the application's own version: without epoch, distribution's revision and suffix."""
    upstream = _EPOCH.sub("", version, count=1).rpartition("-")
    plain = upstream[0] or upstream[2]
    return re.split(r"[+~]", plain, maxsplit=1)[0] or version


def version_in_path(names: tuple[str, ...], command_line: str) -> str | None:
    """Return the version that stands beside one of the names in a path of a command line.

    ``/opt/apache-tomcat-9.0.65/bin/…`` is version 9.0.65 of what is called ``tomcat``.
    """
    match = _versioned(names).search(command_line)
    return match[1] if match else None


@lru_cache(maxsize=2048)
def _versioned(names: tuple[str, ...]) -> re.Pattern[str]:
    plain = {name.casefold().removesuffix(".exe") for name in names if "*" not in name}
    listed = "|".join(sorted(map(re.escape, plain), key=len, reverse=True))
    return re.compile(rf"[/\\](?:[a-z]+[-_])?(?:{listed})[-_/\\]v?(\d+(?:\.\d+)+)", re.IGNORECASE)
