"""Which of the servers that a migration service replicates is the old server of a move.

By what it launched, where the plan names that; else as identity tells two records to be one server:
independent identifiers agree, nothing rules it out, and no other one fits. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from inventory.identity.clusters import Cluster, marks_of
from inventory.identity.entry import ASKED, Entry
from inventory.identity.judging import Judgement, judge
from inventory.identity.sharing import Mark, Shared, shared_values
from inventory.model.fact import Reason, Unknown
from inventory.model.identity import Identity
from inventory.model.nearness import Nearness
from migrate.model.replication import Replication, Replications

_NAMED: Final = 3
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


def match(
    name: str, identity: Identity | None, resource: str | None, listed: Iterable[Replications]
) -> Replication | Unknown:
    """Return the replication of an old server, or why that cannot be told.

    ``identity`` is what the old server said, None when it did not answer; ``resource`` is what the
    plan names as its replacement; ``listed`` is what each place tells.
    """
    places = tuple(listed)
    launched = [each for each in _all(places) if resource and _launched(each, resource)]
    if len(launched) == 1:
        return launched[0]
    if identity is None:
        return _unknown(f"{name} does not answer, so none of them can be told to be it")
    found = _alike(name, identity, places)
    sure = [each for each, judged in found if judged.merges]
    if len(sure) == 1:
        return sure[0]
    if sure:
        ids = ", ".join(sorted(each.id for each in sure))
        return _unknown(f"several of those that are replicated are like {name}: {ids}")
    near = "; ".join(f"{each.name}: {_words(judged)}" for each, judged in found[:_NAMED])
    many = sum(1 for _ in _all(places))
    return _unknown(
        f"none of the {many} that are replicated is surely {name}{f' ({near})' if near else ''}"
    )


def named(wanted: str, listed: Iterable[Replications]) -> Replication | Unknown:
    """Return the one that people name: by its whole id, the end of it, or the service's name."""
    low = wanted.lower()
    found = [each for each in _all(listed) if low in _names(each)]
    if len(found) == 1:
        return found[0]
    how_many = len(found) or "none"
    return _unknown(f"{how_many} of those that are replicated is called {wanted}")


def _all(listed: Iterable[Replications]) -> Iterator[Replication]:
    return (each for place in listed for each in place.servers)


def _names(each: Replication) -> frozenset[str]:
    return frozenset({each.id.lower(), each.id.rpartition("/")[2].lower(), each.name.lower()})


def _launched(each: Replication, resource: str) -> bool:
    wanted = resource.rpartition(":instance/")[2].lower()
    launches = (each.test, each.cut_over)
    return any(one and one.resource and one.resource.lower() == wanted for one in launches)


def _alike(
    name: str, identity: Identity, places: tuple[Replications, ...]
) -> list[tuple[Replication, Judgement]]:
    """Return those that have something in common with the old server, the likest first."""
    ours = _cluster(ASKED, name, identity, Nearness.ASKED)
    found = [
        (each, judge(ours, theirs, index.shared))
        for index in map(_index, places)
        for each, theirs in index.beside(ours)
    ]
    return sorted(found, key=lambda one: (-one[1].points, one[0].id))


@dataclass(frozen=True, kw_only=True)
class _Index:
    """Who in a place has which identifier, so that nobody is compared with everybody."""

    clusters: tuple[tuple[Replication, Cluster], ...]
    holders: Mapping[Mark, frozenset[int]]
    shared: Mapping[Mark, Shared]

    def beside(self, ours: Cluster) -> list[tuple[Replication, Cluster]]:
        """Return whoever has an identifier in common."""
        nobody: frozenset[int] = frozenset()
        marks = [(kind, value) for kind, values in ours.marks.items() for value in values]
        near = nobody.union(*(self.holders.get(mark, nobody) for mark in marks))
        return [self.clusters[number] for number in sorted(near)]


@lru_cache(maxsize=16)
def _index(place: Replications) -> _Index:
    clusters = tuple(
        (each, _cluster(each.service, each.id, each.identity, Nearness.AGENT))
        for each in place.servers
    )
    holders: dict[Mark, set[int]] = defaultdict(set)
    for number, (_, cluster) in enumerate(clusters):
        for kind, values in cluster.marks.items():
            for value in values:
                holders[kind, value].add(number)
    return _Index(
        clusters=clusters,
        holders={mark: frozenset(held) for mark, held in holders.items()},
        shared=shared_values(cluster for _, cluster in clusters),
    )


def _cluster(source: str, key: str, identity: Identity, nearness: Nearness) -> Cluster:
    # Of names only those count that the server has: what somebody calls it is none.
    entry = Entry(
        id=key,
        source=source,
        key=key,
        name="",
        identity=identity,
        nearness=nearness,
        first_seen=_NO_TIME,
    )
    return Cluster(
        members=(entry,),
        marks=marks_of(entry),
        sources=frozenset({source}),
        classes=frozenset({entry.reference}),
        apart=frozenset(),
    )


def _words(judged: Judgement) -> str:
    said = [*map(str, judged.reasons), *(f"but {each}" for each in judged.against)]
    return ", ".join(said)


def _unknown(why: str) -> Unknown:
    return Unknown(reason=Reason.NOT_TOLD, detail=why)
