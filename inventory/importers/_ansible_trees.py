"""An Ansible inventory in the YAML form, or as ``ansible-inventory --list`` prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.importers._ansible_hosts import Inventory, expanded, wanted
from inventory.importers._json import mapping, sequence, text, texts
from inventory.model.imported import Unread, Where

_YAML: Final = re.compile(r"^[ ]+(hosts|children):[ ]*(?:\{.*)?(?:#.*)?$", re.MULTILINE)
_TOP: Final = re.compile(r"^all:[ ]*(?:#.*)?$", re.MULTILINE)
_JSON: Final = re.compile(r'"(hosts|children)":\s*\[')
_META: Final = "_meta"


def looks_like_yaml(beginning: str) -> bool | None:
    """Tell whether a text is an inventory: True when surely, None when it may well be one."""
    if not _YAML.search(beginning) or beginning.lstrip().startswith(("{", "- ")):
        return False
    return True if _TOP.search(beginning) else None


def looks_like_listing(beginning: str) -> bool | None:
    """Tell the same of JSON."""
    if '"_meta"' in beginning and '"hostvars"' in beginning:
        return True
    return None if _JSON.search(beginning) and '"all"' in beginning else False


def read_tree(document: Any, where: Where, into: Inventory) -> Iterator[Unread]:
    """Add what the YAML form names; yield what cannot be read."""
    waiting = [(name, each) for name, each in mapping(document).items() if name != "plugin"]
    seen: set[tuple[str, int]] = set()
    while waiting:
        name, group = waiting.pop()
        if not isinstance(group, dict) or (name, id(group)) in seen:
            continue
        seen.add((name, id(group)))
        into.variables.setdefault(name, {}).update(wanted(mapping(group.get("vars"))))
        for pattern, given in _named(group.get("hosts")):
            try:
                for server, port in expanded(pattern):
                    variables = {"ansible_port": port} | dict(mapping(given))
                    into.add(server, name, where, variables)
            except ValueError as error:
                yield Unread(why=str(error), where=where)
        for child, held in _named(group.get("children")):
            into.nest(child, name)
            waiting.append((child, held))


def _named(held: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names of a mapping, or of the list or the one text that stands in its place."""
    if isinstance(held, dict):
        yield from held.items()
    else:
        yield from ((name, None) for name in texts(held))


def read_listing(document: Mapping[str, Any], where: Where, into: Inventory) -> None:
    """Add what a listing names: groups of names, and the variables of each server."""
    given = mapping(mapping(document.get(_META)).get("hostvars"))
    for name, group in document.items():
        if name == _META:
            continue
        held = {"hosts": group} if isinstance(group, list) else mapping(group)
        into.variables.setdefault(name, {}).update(wanted(mapping(held.get("vars"))))
        for server in texts(sequence(held.get("hosts"))):
            into.add(server, name, where, mapping(given.get(server)))
        for child in texts(sequence(held.get("children"))):
            into.nest(child, name)
    for server, variables in given.items():
        if said := text(server):
            into.add(said, "ungrouped", where, mapping(variables))
            into.entries[said].all_variables = mapping(variables)
