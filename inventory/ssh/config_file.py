"""ssh_config(5) as it is written: files → directives in their blocks, included files in place.

Which of them count for a server is told by :mod:`inventory.ssh.config`.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 16
"""OpenSSH's own limit on files that include files."""
_LARGEST_PORT = 65535
_HEAD = re.compile(r"\s*(\w+)(?:\s*=\s*|\s+|$)(.*)", re.DOTALL)
_WORD = re.compile(
    r"""\s*(?:(?P<comment>\#.*)"""
    r"""|(?P<word>(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+)|(?P<stray>\S))"""
)
_PIECE = re.compile(
    r""""(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'|(?P<bare>\\.|[^"'\\]+)"""
)
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_COMMANDS = frozenset({"proxycommand", "localcommand", "remotecommand", "knownhostscommand"})
"""Their argument is the rest of the line."""
_HEEDED = frozenset(
    {"host", "match", "include", "hostname", "port", "user", "identityfile", "identitiesonly"}
    | {"certificatefile", "identityagent", "userknownhostsfile", "globalknownhostsfile"}
    | {"hostkeyalias", "proxyjump", "proxycommand", "connecttimeout", "kexalgorithms", "ciphers"}
    | {"macs", "hostkeyalgorithms"}
)
_TIME = re.compile(r"(?:\d{1,9}[smhdw]?)+\Z", re.IGNORECASE)
_UNITS = {"s": 1, "": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, kw_only=True)
class Directive:
    """One line."""

    keyword: str
    """In lower case."""
    arguments: tuple[str, ...]
    """Without their quotes; for a command, the rest of the line as it stands."""
    place: Place
    included: tuple[Block, ...] = ()
    """What the files hold that an ``Include`` names."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """What stands under one ``Host`` or ``Match``, or before the first of them."""

    condition: Directive | None
    directives: tuple[Directive, ...]


def seconds_of(text: str | None) -> float | None:
    """Return a time such as ``90`` or ``1m30s`` in seconds; None for none at all."""
    parts = re.findall(r"(\d+)([smhdw]?)", (text or "").lower())
    return sum(float(number) * _UNITS[unit] for number, unit in parts) or None


def read_config(file: Path, *, base: Path, must_exist: bool) -> tuple[Block, ...]:
    """Read a file and all that it includes; relative names count from ``base``.

    Keywords that we do not heed are kept as they stand: what follows them is never at fault.

    Raises:
        BadInputError: a file cannot be read, or a line that counts has no sense; the place names
            it.

    """
    return _read(file.expanduser(), base.expanduser(), 0, must_exist=must_exist)


def _read(file: Path, base: Path, depth: int, *, must_exist: bool) -> tuple[Block, ...]:
    if depth > _DEEPEST:
        raise BadInputError("too many files include one another", place=Place(file=file))
    blocks: list[Block] = []
    condition: Directive | None = None
    directives: list[Directive] = []
    for number, line in enumerate(_lines(file, must_exist=must_exist), 1):
        directive = _directive(line, Place(file=file, line=number), base, depth)
        if directive is None:
            continue
        if directive.keyword in {"host", "match"}:
            blocks.append(Block(condition=condition, directives=tuple(directives)))
            condition, directives = directive, []
        else:
            directives.append(directive)
    blocks.append(Block(condition=condition, directives=tuple(directives)))
    return tuple(blocks)


def _lines(file: Path, *, must_exist: bool) -> list[str]:
    """Return the lines of a file that nobody else can have written: it may name commands."""
    try:
        with file.open(encoding="utf-8", errors="surrogateescape") as lines:
            found = os.fstat(lines.fileno())
            if found.st_mode & stat.S_IWOTH or found.st_uid not in {0, os.getuid()}:
                raise BadInputError(
                    "others can write to this SSH configuration",
                    hint=f"chmod go-w {file}, and see that it is yours",
                    place=Place(file=file),
                )
            return lines.read().split("\n")
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not must_exist:
            return []
        raise BadInputError(
            f"the SSH configuration cannot be read: {error.strerror}",
            hint="make the file readable, or give --ssh-config none",
            place=Place(file=file),
        ) from error


def _directive(line: str, place: Place, base: Path, depth: int) -> Directive | None:
    if not line.strip() or line.lstrip().startswith("#"):
        return None
    found = _HEAD.match(line)
    keyword, rest = (found[1].lower(), found[2].strip()) if found else ("", line)
    if keyword in _COMMANDS:
        arguments: tuple[str, ...] = (rest,) if rest else ()
    else:
        arguments = tuple(_words(rest, place if keyword in _HEEDED else None))
    if keyword in _HEEDED:
        _check(keyword, arguments, place)
    included: tuple[Block, ...] = ()
    if keyword == "include":
        files = [file for name in arguments for file in _files(name, base)]
        read = (_read(file, base, depth + 1, must_exist=False) for file in files)
        included = tuple(block for blocks in read for block in blocks)
    return Directive(keyword=keyword, arguments=arguments, place=place, included=included)


def _words(text: str, place: Place | None) -> Iterator[str]:
    """Part a line into words as OpenSSH does; without a place, a stray quote is no fault."""
    for found in _WORD.finditer(text):
        if found["comment"] is not None:
            return
        if found["stray"] is not None:
            if place:
                raise _senseless("a quotation mark is not closed", place)
            return
        yield "".join(_unquoted(piece) for piece in _PIECE.finditer(found["word"]))


def _unquoted(piece: re.Match[str]) -> str:
    if piece["bare"] is not None:
        return re.sub(r"\\([\\\"' ])", r"\1", piece["bare"])
    return re.sub(r"\\([\\\"'])", r"\1", piece["double"] or piece["single"] or "")


def _check(keyword: str, arguments: tuple[str, ...], place: Place) -> None:
    if not arguments or not arguments[0]:
        raise _senseless(f"{keyword} needs an argument", place)
    value = arguments[0]
    is_wrong = {
        "port": not (value.isdecimal() and 0 < int(value) <= _LARGEST_PORT),
        "connecttimeout": not (value == "none" or _TIME.match(value)),
    }
    if is_wrong.get(keyword):
        raise _senseless(f"{keyword} cannot be {value!r}", place)


def _files(name: str, base: Path) -> list[Path]:
    written = _VARIABLE.sub(lambda found: os.environ.get(found[1], ""), name)
    return [Path(each) for each in sorted(glob(str(base / Path(written).expanduser())))]  # noqa: PTH207  pathlib globs no absolute pattern


def _senseless(message: str, place: Place) -> BadInputError:
    return BadInputError(
        message, hint="mend the line (see ssh_config(5)), or give --ssh-config none", place=place
    )
