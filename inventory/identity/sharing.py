"""Which values are not one server's own: clones, templates, names and addresses used twice.

A source that keeps one record of each server, and has a value in two of them, says by this that
the value tells no server from another. It then has no weight, whoever else tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from inventory.identity.clusters import Cluster, marks_of
from inventory.identity.entry import Entry

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
    """Which source shows that; empty when all of them together show it too often."""
    records: int
    """How many records hold it."""
    names: tuple[str, ...]
    """What some of them are called."""


@dataclass(kw_only=True)
class _Holders:
    clusters: set[int] = field(default_factory=set)
    by_source: dict[str, dict[int, Entry]] = field(default_factory=dict)


def shared_values(clusters: Iterable[Cluster]) -> Mapping[Mark, Shared]:
    """Return the values without weight. The clusters are as people decided, and nobody else."""
    found: dict[Mark, _Holders] = {}
    for number, cluster in enumerate(clusters):
        for entry in cluster.members:
            told = cluster.marks if len(cluster.members) == 1 else marks_of(entry)
            for kind, values in told.items():
                for value in values:
                    holders = found.setdefault((kind, value), _Holders())
                    holders.clusters.add(number)
                    holders.by_source.setdefault(entry.source, {})[number] = entry
    several = ((mark, held) for mark, held in found.items() if len(held.clusters) > 1)
    judged = ((mark, _shared(mark, held)) for mark, held in several)
    return {mark: shared for mark, shared in judged if shared}


def _shared(mark: Mark, holders: _Holders) -> Shared | None:
    for source in sorted(holders.by_source):
        entries = list(holders.by_source[source].values())
        if len(entries) > 1 and entries[0].nearness.tells_apart:
            return _stated(mark, source, entries)
    if len(holders.clusters) > MOST_HOLDERS:
        listed = [each for held in holders.by_source.values() for each in held.values()]
        return _stated(mark, "", listed)
    return None


def _stated(mark: Mark, source: str, entries: list[Entry]) -> Shared:
    names = sorted({each.name for each in entries})[:_NAMED]
    return Shared(
        kind=mark[0], value=mark[1], source=source, records=len(entries), names=tuple(names)
    )
