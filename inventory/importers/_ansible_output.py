"""What ``ansible -m setup`` printed → one result for each server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from inventory.importers._json import parsed

_HEAD: Final = re.compile(
    r"(?P<name>\S+) \| (?P<state>SUCCESS|CHANGED|FAILED!?|UNREACHABLE!?|success|FAILED|skipped)"
    r"(?: \(rc=\d+\))? (?:=>|>>) (?P<rest>.*)"
)
"""``web-1 | SUCCESS => {``; Ansible 1 wrote ``web-1 | success >> {``."""
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST: Final = 64 << 20
"""Characters of one server's result."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was printed of one server."""

    name: str
    """As the inventory has it."""
    row: int
    facts: Any = None
    """What stands under its name; None where the server did not answer."""
    why: str | None = None
    """Why it cannot be read, where it cannot."""


def looks_like_output(beginning: str) -> bool:
    """Tell whether a text holds a line as Ansible prints before a server's result."""
    return any(_HEAD.match(_plain(line)) for line in beginning.splitlines())


def results_of(lines: Iterable[str]) -> Iterator[Result]:
    """Yield the results, one after the other; what stands between them is passed over."""
    name, row, held, size = "", 0, list[str](), 0
    for number, line in enumerate(map(_plain, lines), 1):
        head = _HEAD.match(line)
        if head:
            if name:
                yield _result(name, row, held)
            name, row, held, size = head["name"], number, [head["rest"]], 0
        elif name:
            size += len(line)
            held.append(line)
            if line == "}" or size > _LONGEST:
                yield _result(name, row, held)
                name, held = "", []
    if name:
        yield _result(name, row, held)


def _plain(line: str) -> str:
    return _COLOURS.sub("", line).rstrip()


def _result(name: str, row: int, held: list[str]) -> Result:
    said = "\n".join(held)
    if not said.startswith("{"):
        # Where a command failed, its words follow; nothing is told of the server.
        return Result(name=name, row=row)
    try:
        document = parsed(said)
    except ValueError as error:
        last = said.rpartition("}")[0] + "}"
        try:
            document = parsed(last)
        except ValueError:
            return Result(name=name, row=row, why=f"{name}: {error}")
    return Result(name=name, row=row, facts=document)
