"""Waves: servers that use others move with them or after them.

A server's wave is one more than the highest wave of those it uses. Servers that use each other in a
circle move together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from inventory.model.application import Dependency

SSH_PORT = 22


def waves(servers: Iterable[str], dependencies: Iterable[Dependency]) -> dict[str, int]:
    """Give each server its wave, 1 the first.

    Only dependencies between the given servers count; connections to the SSH port are how servers
    are looked after, not what they rest on.
    """
    known = set(servers)
    uses = {server: set[str]() for server in known}
    for each in dependencies:
        inside = each.client in known and each.server in known
        if inside and each.client != each.server and each.port != SSH_PORT:
            uses[each.client].add(each.server)
    return _levels(uses)


def _levels(uses: Mapping[str, set[str]]) -> dict[str, int]:
    group = {server: frozenset({server}) for server in uses}
    while True:
        graph: dict[frozenset[str], set[frozenset[str]]] = {each: set() for each in group.values()}
        for server, used in uses.items():
            graph[group[server]] |= {group[other] for other in used} - {group[server]}
        try:
            order = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = frozenset().union(*error.args[1])
            group.update(dict.fromkeys(circle, circle))
            continue
        level: dict[frozenset[str], int] = {}
        for each in order:
            level[each] = 1 + max((level[used] for used in graph[each]), default=0)
        return {server: level[group[server]] for server in uses}
