"""Which values are not one server's own: clones, templates, names and addresses used twice.

A source that keeps one record of each server, and has a value in two of them, says by this that
the value tells no server from another. It then has no weight, unless both who agree in it are
nearer to the servers than that source: a slip in a list of people's takes nothing from what a
server and its hypervisor say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from inventory.identity.clusters import Cluster, marks_of
from inventory.identity.entry import Entry
from inventory.model.nearness import Nearness

MOST_HOLDERS: Final = 24
"""How many servers may show one value before none of them is compared for its sake. More sources
than that do not list one server, and comparing each with each would take too long."""
_NAMED: Final = 5
Mark = tuple[str, str]
"""Kind and value."""


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A value that several servers show."""

    kind: str
    value: str
    source: str
    """Which source shows that, of several the nearest; empty when all of them together show it too
    often."""
    nearness: Nearness
    """Of that source; the nearest there is when it is shown too often."""
    records: int
    """How many records hold it."""
    names: tuple[str, ...]
    """What some of them are called."""


def shared_values(clusters: Iterable[Cluster]) -> Mapping[Mark, Shared]:
    """Return the values without weight. The clusters are as people decided, and nobody else."""
    holders: dict[Mark, list[tuple[int, Entry]]] = {}
    for number, cluster in enumerate(clusters):
        for entry in cluster.members:
            told = cluster.marks if len(cluster.members) == 1 else marks_of(entry)
            for kind, values in told.items():
                for value in values:
                    holders.setdefault((kind, value), []).append((number, entry))
    judged = ((mark, _shared(mark, held)) for mark, held in holders.items() if len(held) > 1)
    return {mark: shared for mark, shared in judged if shared}


def _shared(mark: Mark, holders: list[tuple[int, Entry]]) -> Shared | None:
    by_source: dict[str, dict[int, Entry]] = {}
    for number, entry in holders:
        by_source.setdefault(entry.source, {})[number] = entry
    several = [
        (held[0].nearness, source, held)
        for source, by_cluster in by_source.items()
        for held in [list(by_cluster.values())]
        if len(held) > 1 and held[0].nearness.tells_apart
    ]
    too_many = len({number for number, _ in holders}) > MOST_HOLDERS
    if several:
        nearness, source, held = min(several, key=lambda each: each[:2])
        return _stated(mark, source, held, Nearness.ASKED if too_many else nearness)
    if too_many:
        return _stated(mark, "", [entry for _, entry in holders], Nearness.ASKED)
    return None


def _stated(mark: Mark, source: str, entries: list[Entry], nearness: Nearness) -> Shared:
    names = sorted({each.name for each in entries})[:_NAMED]
    return Shared(
        kind=mark[0],
        value=mark[1],
        source=source,
        nearness=nearness,
        records=len(entries),
        names=tuple(names),
    )
