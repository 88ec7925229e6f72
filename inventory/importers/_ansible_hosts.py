"""An Ansible inventory as it is put together: servers, groups, and the few variables we read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.importers._ansible_names import is_here
from inventory.importers._json import text
from inventory.model.imported import Where

_WANTED: Final = {
    "ansible_host": "ansible_host",
    "ansible_ssh_host": "ansible_host",
    "ansible_port": "ansible_port",
    "ansible_ssh_port": "ansible_port",
    "ansible_user": "ansible_user",
    "ansible_ssh_user": "ansible_user",
    "ansible_connection": "ansible_connection",
    "ansible_network_os": "ansible_network_os",
}
"""The only variables that are read, and what they are called today: others may hold secrets."""
_PLAIN: Final = re.compile(r"[\w.:@\\$/+-]{1,253}\Z")
"""A value that is meant as it stands: no template, nothing encrypted."""
_RANGE: Final = re.compile(r"\[([0-9]+|[A-Za-z]):([0-9]+|[A-Za-z])(?::([0-9]{1,6}))?\]")
_PORT: Final = re.compile(r"(?P<name>[^:\[\]]+|.*\]|.*\][^:\[\]]*):(?P<port>[0-9]{1,5})\Z")
_SIX: Final = re.compile(r"\[(?P<name>[0-9a-fA-F:]*:[0-9a-fA-F:.]*)\](?::(?P<port>[0-9]{1,5}))?\Z")
_MOST: Final = 200_000
"""Servers of one inventory."""
EVERYTHING: Final = frozenset({"all", "ungrouped"})
"""Groups that every inventory has, and that say nothing."""
_NETWORK: Final = ("network_cli", "netconf", "httpapi")
_CONTAINED: Final = ("docker", "podman", "kubectl", "oc", "buildah", "docker_api")


@dataclass(kw_only=True)
class Entry:
    """A server of the inventory."""

    name: str
    where: Where
    groups: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=dict)
    all_variables: Mapping[str, Any] = field(default_factory=dict)
    """Of the JSON form alone: everything that stands there."""


@dataclass(kw_only=True)
class Inventory:
    """Servers and groups, of all files of the inventory."""

    entries: dict[str, Entry] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of groups."""

    def add(self, name: str, group: str, where: Where, variables: Mapping[str, Any]) -> None:
        """Add a server to a group, and what it is given there.

        Raises:
            BadInputError: the inventory has more servers than any has.

        """
        entry = self.entries.setdefault(name, Entry(name=name, where=where))
        entry.groups.add(group)
        entry.variables |= wanted(variables)
        if len(self.entries) > _MOST:
            raise BadInputError(f"{where.file}: it names more than {_MOST} servers")

    def nest(self, child: str, parent: str) -> None:
        """Note that a group is part of another."""
        self.parents.setdefault(child, set()).add(parent)

    def groups_of(self, entry: Entry) -> tuple[str, ...]:
        """Return every group that a server is in, the widest first."""
        depth: dict[str, int] = {}
        waiting = [(each, 0) for each in sorted(entry.groups)]
        while waiting:
            name, distance = waiting.pop(0)
            if name not in depth:
                depth[name] = distance
                waiting += [(each, distance + 1) for each in sorted(self.parents.get(name, ()))]
        return tuple(sorted(depth, key=lambda name: (-depth[name], name)))

    def variables_of(self, entry: Entry) -> dict[str, str]:
        """Return what is said of a server: what is nearer to it wins."""
        found = dict(self.variables.get("all", {}))
        for group in self.groups_of(entry):
            found |= self.variables.get(group, {})
        return found | entry.variables


def wanted(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return those variables that are read, where they are plain values."""
    found = {}
    for name, value in variables.items():
        said = text(value)
        if name in _WANTED and said and _PLAIN.match(said):
            found[_WANTED[name]] = said
    return found


def no_server(name: str, variables: Mapping[str, str]) -> str | None:
    """Say what an entry is that stands for no server to be moved; None when it is one."""
    connection = variables.get("ansible_connection", "").rpartition(".")[2]
    if connection in _NETWORK or "ansible_network_os" in variables:
        return "network device"
    if connection in _CONTAINED:
        return "container"
    here = is_here(name) or is_here(variables.get("ansible_host", ""))
    return "the server that Ansible itself runs on" if here or connection == "local" else None


def expanded(pattern: str, most: int = _MOST) -> Iterator[tuple[str, str | None]]:
    """Yield the names and ports that ``web[01:03].example.org:2222`` stands for.

    Raises:
        ValueError: it is no pattern, or stands for more servers than any inventory has.

    """
    six = _SIX.match(pattern)
    if six:
        yield six["name"], six["port"]
        return
    ported = _PORT.match(pattern)
    whole, port = (ported["name"], ported["port"]) if ported else (pattern, None)
    pieces = _RANGE.split(whole)
    choices = [_choice(*pieces[at : at + 3]) for at in range(1, len(pieces), 4)]
    count = 1
    for each in choices:
        count *= len(each)
        if count > most:
            raise ValueError(f"{pattern!r} stands for more than {most} servers")
    if not whole.strip() or "[" in "".join(pieces[::4]):
        raise ValueError(f"{pattern!r} is no server's name")
    for name in _joined(pieces[::4], choices):
        yield name, port


def _choice(first: str, last: str, step: str | None) -> range | list[str]:
    """Return what one range stands for; numbers keep the leading zeros of the first."""
    pace = int(step or 1)
    if first.isdigit() != last.isdigit() or len(first) > 9 or len(last) > 9 or not pace:  # noqa: PLR2004  # digits of a number
        raise ValueError(f"[{first}:{last}] is no range")
    if not first.isdigit():
        return [chr(each) for each in range(ord(first), ord(last) + 1, pace)]
    numbers = range(int(first), int(last) + 1, pace)
    if len(numbers) > _MOST:
        raise ValueError(f"[{first}:{last}] stands for more than {_MOST} servers")
    width = len(first) if first.startswith("0") else 0
    return [str(each).zfill(width) for each in numbers]


def _joined(pieces: list[str], choices: list[Any]) -> Iterator[str]:
    if not choices:
        yield pieces[0]
        return
    for each in choices[0]:
        for rest in _joined(pieces[1:], choices[1:]):
            yield f"{pieces[0]}{each}{rest}"
