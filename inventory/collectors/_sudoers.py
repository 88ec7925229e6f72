"""Sudoers files, comments and arguments of commands left out → who may do what.

The grammar is that of sudoers(5): ``USERS SERVERS = (RUNAS) TAG: COMMAND, … : SERVERS = …``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from inventory.model.accounts import SudoRule

_ALIAS: Final = re.compile(r"(?:User|Runas|Host|Cmnd|Cmd)_Alias\s+(.*)")
_INCLUDE: Final = re.compile(r"[#@](include|includedir)\s+(\S.*)")
_NEXT_ALIAS: Final = re.compile(r"(?:\s|(?<=\.\.\.)):\s+(?=[A-Z][A-Z0-9_]*\s*=)")
_NEXT_SERVERS: Final = re.compile(r"(?:\s|(?<=\.\.\.)):\s+(?=[^=:]+=)")
_UNESCAPED_COMMA: Final = re.compile(r"(?<!\\),(?![^(]*\))")
_COMMAND: Final = re.compile(r"(?:\(([^)]*)\))?\s*((?:[A-Z_]+:\s*)*)(.*)\Z")
_READ: Final = ("/etc/sudoers.d", "/usr/local/etc/sudoers.d", "/usr/etc/sudoers.d")
"""Folders that are read, so that including them leaves nothing out."""


@dataclass(frozen=True, kw_only=True)
class Sudoers:
    """What the files say."""

    rules: tuple[SudoRule, ...]
    aliases: tuple[str, ...]
    """As ``NAME = MEMBERS``."""
    includes: tuple[str, ...]
    """Files and folders beyond the usual ones that they include."""


def read_sudoers(files: Mapping[str, Iterable[str]]) -> Sudoers:
    """Return what the lines of each file say; never raises."""
    rules: list[SudoRule] = []
    aliases: list[str] = []
    includes: list[str] = []
    for path, lines in sorted(files.items()):
        for line in (" ".join(each.split()) for each in lines):
            if alias := _ALIAS.match(line):
                aliases.extend(_NEXT_ALIAS.split(alias[1]))
            elif include := _INCLUDE.match(line):
                includes.append(include[2].strip('"'))
            elif "=" in line and not line.startswith("Defaults"):
                rules.extend(_rules(line, path))
    unusual = dict.fromkeys(each for each in includes if each not in _READ)
    return Sudoers(
        rules=tuple(dict.fromkeys(rules)), aliases=tuple(aliases), includes=tuple(unusual)
    )


def _rules(line: str, path: str) -> Iterator[SudoRule]:
    first, *others = _NEXT_SERVERS.split(line)
    left, _, right = first.partition("=")
    who, _, servers = re.sub(r"\s*,\s*", ",", left.strip()).rpartition(" ")
    if not who:
        return
    yield from _granted(who.strip(), servers, right, path)
    for other in others:
        servers, _, right = other.partition("=")
        yield from _granted(who.strip(), servers.strip(), right, path)


def _granted(who: str, servers: str, commands: str, path: str) -> Iterator[SudoRule]:
    """Yield a rule for each run of commands that are granted alike; tags hold for what follows."""
    run_as: str | None = None
    free = False
    granted = []
    for each in _UNESCAPED_COMMA.split(commands):
        match = _COMMAND.match(each.strip())
        if match is None or not match[3]:
            continue
        run_as = match[1].strip() if match[1] is not None else run_as
        for tag in match[2].replace(":", " ").split():
            free = {"NOPASSWD": True, "PASSWD": False}.get(tag, free)
        granted.append(((run_as, free), match[3]))
    for (whom, without), same in groupby(granted, key=lambda each: each[0]):
        yield SudoRule(
            who=who,
            servers=servers,
            commands=tuple(command for _, command in same),
            run_as=whom or None,
            without_password=without,
            file=path,
        )
