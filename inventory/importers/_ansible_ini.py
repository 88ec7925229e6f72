"""An Ansible inventory in the INI form → servers and groups."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

from inventory.importers._ansible_hosts import Inventory, expanded, wanted
from inventory.model.imported import Unread, Where
from inventory.reading.export import File

_SECTION: Final = re.compile(r"\[(?P<name>[^\]:\s][^\]:]*)(?::(?P<kind>\w+))?\]\s*(?:[#;].*)?\Z")
_OURS: Final = re.compile(
    r"^\[[^\]\n]+:(?:children|vars)\]|\bansible_(?:ssh_)?host\s*=", re.MULTILINE
)
_LISTED: Final = re.compile(r"[\w.-]+(?:\[[\w:]+\][\w.-]*)*(?::\d+)?(?:\s+[A-Za-z_]\w*=.*)?\Z")
_KINDS: Final = (None, "children", "vars")


def looks_like_ini(beginning: str) -> bool | None:
    """Tell whether a text is an inventory: True when surely, None when it may well be one."""
    lines = [
        each for line in beginning.splitlines() if (each := line.strip()) and each[0] not in "#;"
    ]
    sections = [found for found in map(_SECTION.match, lines) if found]
    if not sections or any(each["kind"] not in _KINDS for each in sections):
        return False
    if _OURS.search(beginning):
        return True
    # Of anything else that is called INI, the lines are settings.
    return None if all(_SECTION.match(each) or _LISTED.match(each) for each in lines) else False


def read_ini(file: File, into: Inventory) -> Iterator[Unread]:
    """Add what a file names; yield the lines that cannot be read."""
    group, kind = "ungrouped", None
    for row, line in enumerate(file.lines(), 1):
        said = line.strip()
        where = Where(file=file.name, row=row)
        section = _SECTION.match(said)
        if section:
            group, kind = section["name"].strip(), section["kind"]
        elif said and said[0] not in "#;":
            try:
                _line(said, group, kind, where, into)
            except ValueError as error:
                yield Unread(why=str(error), where=where)


def _line(said: str, group: str, kind: str | None, where: Where, into: Inventory) -> None:
    if kind == "vars":
        name, _, value = said.partition("=")
        found = wanted({name.strip(): value.strip().strip("\"'")})
        into.variables.setdefault(group, {}).update(found)
    elif kind == "children":
        into.nest(said.split(maxsplit=1)[0], group)
    elif kind is None:
        pattern, *words = _words(said)
        given = dict(word.partition("=")[::2] for word in words)
        for name, port in expanded(pattern):
            into.add(name, group, where, {"ansible_port": port} | given)
    else:
        raise ValueError(f"[{group}:{kind}] is no section of an inventory")


def _words(said: str) -> list[str]:
    try:
        return shlex.split(said, comments=True) or [said]
    except ValueError as error:
        # What may be secret in it is not repeated.
        raise ValueError(
            f"the line of {said.split(maxsplit=1)[0]!r} has an open quotation"
        ) from error
