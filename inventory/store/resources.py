"""Resources of clouds: every version of each, and the questions that told of them.

They are documents, as :mod:`inventory.store.records` keeps them: a resource gets a new version when
it changes, goes or comes back; a question each time that it is put. Only a question that was
answered says what is gone, and only of what it told of before.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from inventory.model.codec import encode, fast_from_json
from inventory.model.fact import Unknown
from inventory.model.resource import KnownResource, Listing, Looked, Resource
from inventory.store.records import latest_records, put_records
from inventory.store.tables import RECORD

if TYPE_CHECKING:
    from inventory.store.store import Store

RESOURCE: Final = "cloud-resource"
LOOKED: Final = "cloud-question"


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """One version of a resource."""

    resource: Resource
    question: str
    of: str = ""
    gone: bool = False
    last_seen: datetime | None = None
    """When it was last told of, where it is gone."""

    @property
    def asked(self) -> str:
        """Return the key of the question that tells of it."""
        return _question(self.resource.source, self.question, self.of)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one listing changed."""

    seen: int
    gone: tuple[str, ...]
    """Names of resources that it tells of no more."""


@dataclass(kw_only=True)
class ResourceKeeper:
    """Keeps what the questions of one run bring, one after the other."""

    store: Store
    run_id: str
    at: datetime

    def keep(self, listing: Listing) -> Change:
        """Keep a listing; what it tells of no more is gone, with all that was in it.

        One that was not answered is kept as such, and nothing is gone by it.

        Raises:
            StoreError: the database cannot be written; what was kept before stays.

        """
        key = _question(listing.source, listing.question, listing.of)
        last = self._looked[key].told_at if key in self._looked else None
        if isinstance(listing.told, Unknown):
            self._put_looked(key, listing, told_at=last, why=listing.told)
            return Change(seen=0, gone=())
        told = {_digest(each.key): each for each in listing.told}
        gone = self._gone(key, {*told, *map(_digest, listing.beside)}, last)
        found = {
            name: _Kept(resource=each, question=listing.question, of=listing.of)
            for name, each in told.items()
        }
        self._put(gone | found)
        self._put_looked(key, listing, told_at=self.at, why=None)
        return Change(seen=len(told), gone=tuple(each.resource.name for each in gone.values()))

    def _gone(self, question: str, told: set[str], last: datetime | None) -> dict[str, _Kept]:
        """Return what a question told of before and does not now, and what was within that."""
        ended = {each for each in self._there.get(question, ()) if each not in told}
        if not ended:
            return {}
        there = {
            name: each
            for name, (each, _) in self._kept.items()
            if not each.gone and name not in told
        }
        keys = tuple(f"{there[each].resource.key}/" for each in ended)
        ended |= {name for name, each in there.items() if each.resource.key.startswith(keys)}
        return {
            name: replace(there[name], gone=True, last_seen=last or self._kept[name][1])
            for name in sorted(ended)
        }

    def _put(self, kept: Mapping[str, _Kept]) -> None:
        bodies = ((name, encode(each).decode()) for name, each in kept.items())
        put_records(self.store, kind=RESOURCE, bodies=bodies, at=self.at)
        for name, each in kept.items():
            if name in self._kept:
                self._there[self._kept[name][0].asked].discard(name)
            if not each.gone:
                self._there[each.asked].add(name)
            self._kept[name] = (each, self.at)

    def _put_looked(
        self, key: str, listing: Listing, *, told_at: datetime | None, why: Unknown | None
    ) -> None:
        looked = Looked(
            source=listing.source,
            question=listing.question,
            of=listing.of,
            at=self.at,
            run=self.run_id,
            told_at=told_at,
            why=why,
            beside=tuple(sorted(listing.beside)),
        )
        bodies = [(key, encode(looked).decode())]
        put_records(self.store, kind=LOOKED, bodies=bodies, at=self.at)
        self._looked[key] = looked

    @cached_property
    def _kept(self) -> dict[str, tuple[_Kept, datetime]]:
        return _kept(self.store)

    @cached_property
    def _there(self) -> dict[str, set[str]]:
        """What each question told of last."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, (each, _) in self._kept.items():
            if not each.gone:
                found[each.asked].add(name)
        return found

    @cached_property
    def _looked(self) -> dict[str, Looked]:
        return _looked(self.store)


def resources(store: Store) -> tuple[KnownResource, ...]:
    """Return every resource that was ever told of, in order of cloud, kind and name."""
    looked, first = _looked(store), _first_seen(store)
    found = []
    for name, (each, at) in _kept(store).items():
        asked = looked.get(each.asked)
        told_at = (asked.told_at if asked else None) or at
        found.append(
            KnownResource(
                resource=each.resource,
                question=each.question,
                first_seen=first[name],
                last_seen=(each.last_seen or at) if each.gone else told_at,
                gone_since=at if each.gone else None,
                doubt=asked.why if asked and not each.gone else None,
            )
        )
    return tuple(sorted(found, key=_order))


def questions(store: Store) -> tuple[Looked, ...]:
    """Return every question as it was last put, in order."""
    found = _looked(store).values()
    return tuple(sorted(found, key=lambda each: (each.source, each.question, each.of)))


def _looked(store: Store) -> dict[str, Looked]:
    found = latest_records(store, LOOKED)
    return {key: fast_from_json(each.body, Looked) for key, each in found.items()}


def _kept(store: Store) -> dict[str, tuple[_Kept, datetime]]:
    found = latest_records(store, RESOURCE)
    return {key: (fast_from_json(each.body, _Kept), each.at) for key, each in found.items()}


def _first_seen(store: Store) -> dict[str, datetime]:
    query = select(RECORD.c.key, RECORD.c.at).where(
        RECORD.c.kind == RESOURCE, RECORD.c.version == 1
    )
    with store.reading() as connection:
        return {row.key: row.at for row in connection.execute(query)}


def _question(source: str, question: str, of: str) -> str:
    return _digest(f"{source}\n{question}\n{of}")


def _digest(text: str) -> str:
    """Return a key that fits the table: Azure's ids may be longer than its column."""
    return hashlib.sha256(text.encode()).hexdigest()


def _order(each: KnownResource) -> tuple[str, str, str, str]:
    resource = each.resource
    return (resource.cloud, resource.kind.value, resource.name.lower(), resource.key)
