"""Servers → what an Ansible inventory says of them: names, how they are reached, groups.

Ansible takes two braces in a value for a program that it runs. So no value with them, nor with
anything else that its templates begin with, is handed on, wherever it came from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from inventory.errors import UsageError
from inventory.model import spelling
from inventory.model.exporter import Exportable, Lacking
from inventory.model.fact import Facts
from inventory.model.facts import (
    FQDN,
    INTERFACES,
    OS_FAMILY,
    OS_ID,
    OS_VERSION,
    VIRTUALISATION,
)
from inventory.model.placement import ENVIRONMENT, POWER, TAGS, Power
from inventory.model.server import Server
from inventory.model.target import Target

OURS: Final = "decant_"
"""How the groups and variables begin that Decant derives."""
_ODD: Final = re.compile(r"[^\w.-]", re.ASCII)
_ODD_IN_GROUP: Final = re.compile(r"\W", re.ASCII)
_RESERVED: Final = frozenset({"all", "ungrouped", "_meta", "localhost"})
_TEMPLATE: Final = re.compile(r"\{[{%#]|[\x00-\x1f]")
_SSH: Final = 22

Variables = Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True)
class Host:
    """A server, as the inventory names it."""

    name: str
    variables: Variables
    groups: tuple[str, ...]
    lacking: tuple[Lacking, ...] = field(default=())


def hosts_of(what: Exportable) -> tuple[Host, ...]:
    """Return every server, by name; of several that are called alike each gets its id behind."""
    names = [_ODD.sub("_", each.name) for each in what.servers]
    uses = Counter(names)
    return tuple(
        _host(
            name if uses[name] == 1 and name not in _RESERVED else f"{name}-{each.id}", each, what
        )
        for name, each in zip(names, what.servers, strict=True)
    )


def by_group(hosts: Sequence[Host]) -> dict[str, tuple[str, ...]]:
    """Return the names in each group, by group; ``ungrouped`` holds the others."""
    found: dict[str, list[str]] = {}
    for each in hosts:
        for group in each.groups or ("ungrouped",):
            found.setdefault(group, []).append(each.name)
    return {group: tuple(found[group]) for group in sorted(found)}


def _host(name: str, server: Server, what: Exportable) -> Host:
    faults: list[Lacking] = []
    reached = dict(_reached(server))
    if not reached.get("ansible_host"):
        said = "ansible_host: no address is known: Ansible will look its name up"
        faults.append(Lacking(server=server.name, what=said))
    variables: dict[str, str | int] = {}
    for key, value in {**reached, **dict(_told(server))}.items():
        if isinstance(value, str) and _TEMPLATE.search(value):
            said = f"{key}: Ansible would run what it holds: left out"
            faults.append(Lacking(server=server.name, what=said))
        else:
            variables[key] = value
    groups = tuple(sorted(set(_groups(server, what.applications.get(server.id, ())))))
    return Host(name=name, variables=variables, groups=groups, lacking=tuple(faults))


def _reached(server: Server) -> Iterator[tuple[str, str | int]]:
    """Yield how Ansible reaches it: as Decant did, or else as facts and tags tell."""
    asked = _ssh(server.target)
    tags = {each.name: each.value for each in server.facts.value(TAGS) or ()}
    host = asked.host if asked else _address(server.facts)
    if host:
        yield "ansible_host", host
    port = asked.port if asked else _number(tags.get("ansible_port"))
    if port and port != _SSH:
        yield "ansible_port", port
    user = asked.user if asked else tags.get("ansible_user")
    if user:
        yield "ansible_user", user
    if not asked and server.facts.value(OS_FAMILY) == "windows":
        yield "ansible_connection", "winrm"


def _ssh(target: str) -> Target | None:
    try:
        found = Target.parse(target)
    except UsageError:
        return None
    return found if target.startswith("ssh://") and found.transport == "ssh" else None


def _address(facts: Facts) -> str | None:
    """Return the first address that it has to itself; its full name where none is known."""
    told = (text for each in facts.value(INTERFACES) or () for text in each.addresses)
    return next(filter(None, map(spelling.address, told)), None) or facts.value(FQDN)


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,5}", text) else None


def _told(server: Server) -> Iterator[tuple[str, str]]:
    yield f"{OURS}id", server.id
    for key in (OS_FAMILY, OS_ID, OS_VERSION, VIRTUALISATION, ENVIRONMENT):
        value = server.facts.value(key)
        if value:
            yield f"{OURS}{key.name.replace('.', '_')}", value


def _groups(server: Server, applications: Sequence[str]) -> Iterator[str]:
    facts = server.facts
    for each in facts.value(TAGS) or ():
        if each.name == "group" and each.value and each.value not in _RESERVED:
            yield _ODD.sub("_", each.value)
    for label, value in (("os", facts.value(OS_ID)), ("environment", facts.value(ENVIRONMENT))):
        if value:
            yield _derived(label, value)
    for application in applications:
        yield _derived("application", application)
    if facts.value(POWER) is Power.OFF:
        yield f"{OURS}off"


def _derived(label: str, value: str) -> str:
    return f"{OURS}{label}_{_ODD_IN_GROUP.sub('_', value).lower()}"
