"""Which resources of clouds may be what a server, or something on it, became; and which it uses.

Proposals with their reasons, for people to judge: nothing is merged by them. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final, TypeVar

from inventory.counterparts import signs
from inventory.counterparts.whose import is_about
from inventory.model.hardware import CLOUD
from inventory.model.placement import EXTERNAL_IDS, Tag
from inventory.model.resource import KnownResource, Looked, ResourceKind
from inventory.model.server import Server
from inventory.model.sighting import Sighting

_NAMING: Final = frozenset(
    {
        *("decantserver", "host", "hostname", "migratedfrom", "onpremserver", "originalserver"),
        *("replaces", "server", "servername", "sourcehost", "sourceserver", "sourceservername"),
    }
)
"""Tags that name a server, letters and digits of their names alone."""
_LONG_ENOUGH: Final = 8
"""Characters of an id that nothing else has by chance: ``s-0123456789abcdef0``, not ``17``."""
_CLOUDS: Final = frozenset({"aws", "azure"})
K = TypeVar("K")
V = TypeVar("V")


class Bond(Enum):
    """What a resource may be to a server."""

    NAMED = "named by its move in decant.toml"
    BECAME = "may be it already"
    """Or its database or share."""
    USES = "it uses this"


@dataclass(frozen=True, kw_only=True)
class Counterpart:
    """A resource that has to do with a server."""

    known: KnownResource
    bond: Bond
    why: tuple[str, ...]
    """What speaks for it, one clause each."""


@dataclass(frozen=True)
class Counterparts:
    """The resources that are there, to be asked of one server after the other."""

    known: Sequence[KnownResource]
    asked: Sequence[Looked] = ()
    """The questions by which resources are known."""

    def named(self, text: str | None) -> KnownResource | None:
        """Return the resource that an ARN or a resource id names; None when none is known."""
        given = text or ""
        return self._by_id.get(given) or self._by_id.get(given.lower())

    def absent(self, text: str | None) -> Looked | None:
        """Return the question that was answered without what an id names, though it is about it.

        None when it is known, was once, or nobody asked for its kind where it would be.
        """
        if text is None or self.named(text):
            return None
        about = (each for each in self.asked if each.told_at and is_about(each, text))
        return next(about, None)

    def of(self, server: Server, sightings: Iterable[Sighting] = ()) -> tuple[Counterpart, ...]:
        """Return what may be a server's counterparts, and what it uses, in order.

        A server that runs in a cloud itself has only what it uses.
        """
        became: dict[str, list[str]] = defaultdict(list)
        uses: dict[str, list[str]] = defaultdict(list)
        if (server.facts.value(CLOUD) or "") not in _CLOUDS:
            for key, why in (*self._tagged(server), *self._namesakes(server), *self._held(server)):
                became[key].append(why)
        for address, why in signs.uses(server, sightings):
            for key in self._by_endpoint.get(address, ()):
                uses[key].append(why)
        return (*self._told(Bond.BECAME, became), *self._told(Bond.USES, uses))

    def _told(self, bond: Bond, found: dict[str, list[str]]) -> Iterator[Counterpart]:
        for key in sorted(found):
            why = tuple(dict.fromkeys(found[key]))
            yield Counterpart(known=self._by_id[key], bond=bond, why=why)

    def _tagged(self, server: Server) -> Iterator[tuple[str, str]]:
        numbers = (each.value for each in server.facts.value(EXTERNAL_IDS) or ())
        for own in sorted({server.id, *(each for each in numbers if len(each) >= _LONG_ENOUGH)}):
            for key, tag in self._by_tag.get(own.lower(), ()):
                yield key, f"its tag {tag.name} is {own}"
        for name in sorted(signs.names(server)):
            for key, tag in self._by_tag.get(name, ()):
                if signs.letters(tag.name) in _NAMING:
                    yield key, f"its tag {tag.name} names {tag.value}"

    def _namesakes(self, server: Server) -> Iterator[tuple[str, str]]:
        for name in sorted(signs.names(server)):
            for key in self._by_name.get(name, ()):
                yield key, f"it is called {name} as well"
            bare = signs.letters(name)
            for key in self._by_account.get(bare, ()) if bare != name else ():
                yield key, f"it is called {bare}, which is {name} as an account may be called"

    def _held(self, server: Server) -> Iterator[tuple[str, str]]:
        for each in signs.databases(server):
            engine = signs.engine(each.application)
            for key in self._by_database.get((engine, each.name.lower()), ()):
                yield key, f"{engine} has a database {each.name} on both"
        for share in sorted(signs.shares(server)):
            for key in self._by_share.get(share.lower(), ()):
                yield key, f"both share {share}"

    @cached_property
    def _there(self) -> dict[str, KnownResource]:
        return {key: each for key, each in self._by_id.items() if each.gone_since is None}

    @cached_property
    def _by_id(self) -> dict[str, KnownResource]:
        return {each.resource.key: each for each in self.known}

    @cached_property
    def _by_endpoint(self) -> dict[str, list[str]]:
        return _index(
            (address, key)
            for key, each in self._there.items()
            for address in each.resource.endpoints
        )

    @cached_property
    def _by_tag(self) -> dict[str, list[tuple[str, Tag]]]:
        return _index(
            (word, (key, tag))
            for key, each in self._there.items()
            for tag in each.resource.tags or ()
            for word in {tag.value.lower(), *signs.words(tag.value)}
            if word
        )

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        return _index((each.resource.name.lower(), key) for key, each in self._there.items())

    @cached_property
    def _by_account(self) -> dict[str, list[str]]:
        """Storage accounts, whose names have letters and digits only."""
        return _index(
            (each.resource.name.lower(), key)
            for key, each in self._there.items()
            if each.resource.kind is ResourceKind.STORAGE_ACCOUNT
        )

    @cached_property
    def _by_database(self) -> dict[tuple[str, str], list[str]]:
        return _index(
            ((signs.engine(each.resource.engine or ""), name.lower()), key)
            for key, each in self._there.items()
            for name in (*each.resource.holds, *_own_name(each))
        )

    @cached_property
    def _by_share(self) -> dict[str, list[str]]:
        return _index(
            (each.resource.name.lower(), key)
            for key, each in self._there.items()
            if each.resource.kind is ResourceKind.FILE_SHARE
        )


def _own_name(each: KnownResource) -> tuple[str, ...]:
    """Return the name of a database; that of a server of databases is not theirs."""
    own = each.resource.kind is ResourceKind.DATABASE
    return (each.resource.name,) if own else ()


def _index(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
