"""What collectors ask root for, read from their own wording: each ``privileged COMMAND WORD…``.

The words are what a shell would pass on: literal, with their quotes taken away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from inventory.discovery.files import guarded_command
from inventory.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.model.collector import Collector

_CALL = re.compile(r"(?<![\w$\"'./-])privileged(?:[ \t]|\\\n)+")
_PIECE = re.compile(
    r"""(?P<single>'[^']*')|(?P<double>"(?:[^"\\$`]|\\.)*")|(?P<escaped>\\.)"""
    r"""|(?P<blank>(?:[ \t]|\\\n)+)|(?P<end>[\n;|&()<>\#]|\Z)"""
    r"""|(?P<plain>[^\s'"\\$`*?\[;|&()<>\#]+)""",
    re.DOTALL,
)

Command = tuple[str, ...]
"""A tool's name and its arguments."""


def privileged_commands(collectors: Mapping[str, Collector]) -> tuple[Command, ...]:
    """Return every command that these collectors run as root where they may, each once.

    Raises:
        PluginError: a collector's wording is not literal; the message names it.

    """
    found: dict[Command, None] = {}
    for name, collector in collectors.items():
        for text in (collector.script, collector.sample):
            for each in _commands(text, name):
                found[each] = None
    guarded = [path for each in collectors.values() for path in each.guarded]
    if guarded:
        found[tuple(guarded_command(guarded).split())] = None
    return tuple(found)


def _commands(script: str, name: str) -> Iterable[Command]:
    for call in _CALL.finditer(script):
        yield _words(script, call.end(), name)


def _words(script: str, start: int, name: str) -> Command:
    words: list[str] = []
    word: str | None = None
    position = start
    while True:
        piece = _PIECE.match(script, position)
        if piece is None:
            raise PluginError(
                f"the collector {name!r} asks for privilege with words that are not literal: "
                f"{script[start : position + 20]!r}",
                hint="write privileged COMMAND WORD… without variables and patterns",
            )
        kind, text, position = piece.lastgroup, piece[0], piece.end()
        if kind in {"blank", "end"}:
            redirected = text in {"<", ">"} and word is not None and word.isdecimal()
            if word is not None and not redirected:
                words.append(word)
            word = None
            if kind == "end":
                return tuple(words)
        else:
            word = (word or "") + _literal(kind, text)


def _literal(kind: str | None, text: str) -> str:
    match kind:
        case "single":
            return text[1:-1]
        case "double":
            return re.sub(r'\\([\\"$`])', r"\1", text[1:-1])
        case "escaped":
            return text[1:]
        case _:
            return text
