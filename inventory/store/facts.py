"""Stored statements read back as observations, each with its key's type; what is alike, once.

What is known of a server now is what its last visit stated that stated anything, laid over what had
been learnt before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from inventory.model.codec import PLAIN, fast_from_plain, plain_from_json
from inventory.model.fact import FactKey, Facts, Known, Observation, Reason, Unknown
from inventory.store.contents import load
from inventory.store.statements import unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from inventory.model.fact import Fact
    from inventory.store.keys import Keys
    from inventory.store.statements import Statement

_Document = dict[str, Any]
_Facts = list[tuple["FactKey[Any]", "Fact[Any]"]]
_OTHERWISE: Final = Unknown(
    reason=Reason.UNREADABLE, detail="stored by a version of Decant that wrote it otherwise"
)


def read_packed(
    connection: Connection,
    keys: Keys,
    packed: Iterable[bytes | None],
    only: Collection[str] | None = None,
) -> list[tuple[Observation, ...]]:
    """Return what each packed document states, None nothing; with ``only``, those facts alone.

    A value that no longer has its key's shape comes back as unknown: unreadable.

    Raises:
        StoreError: what it refers to is not there.

    """
    return Reader(keys=keys, only=only).read(connection, packed)


def facts_now(older: Sequence[Observation], latest: Sequence[Observation]) -> Facts:
    """Return what holds: the latest statements laid over those that went before them."""
    return Facts.from_observations(older).updated(latest)


def read_unknown(text: str | None) -> Unknown | None:
    """Return why something is unknown, from JSON; None for None."""
    return None if text is None else _unknown(json.loads(text))


def documents_of(
    connection: Connection, statements: Iterable[Statement]
) -> dict[bytes, dict[str, _Document]]:
    """Return the documents of each statement, by its body, and in that by the facts' names."""
    apart: dict[bytes, str] = {}
    for each in statements:
        if each.body not in apart:
            apart[each.body] = each.digest
    contents = load(connection, filter(None, apart.values()))
    return {
        body: plain_from_json(contents[digest] if digest else body)
        for body, digest in apart.items()
    }


@dataclass(kw_only=True)
class Reader:
    """Reads packed documents, many times.

    What one reading has in common with the one before is not read again, and is the same object.
    """

    keys: Keys
    only: Collection[str] | None = None
    """Names of the facts to read; None for all."""
    _bodies: Mapping[bytes, dict[str, _Document]] = field(default_factory=dict)
    _contents: Mapping[str, bytes] = field(default_factory=dict)
    _read: dict[bytes, _Facts] = field(default_factory=dict)
    _values: dict[tuple[str, str], Fact[Any]] = field(default_factory=dict)
    _read_before: dict[bytes, _Facts] = field(default_factory=dict)
    _values_before: dict[tuple[str, str], Fact[Any]] = field(default_factory=dict)

    def read(
        self, connection: Connection, packed: Iterable[bytes | None]
    ) -> list[tuple[Observation, ...]]:
        """Return what each states, as :func:`read_packed` does.

        Raises:
            StoreError: what it refers to is not there.

        """
        told = [unpack(each) if each else [] for each in packed]
        self._read_before, self._read = self._read, {}
        self._values_before, self._values = self._values, {}
        self._load(connection, (each for statements in told for each in statements))
        return [tuple(self._observations(statements)) for statements in told]

    def _load(self, connection: Connection, statements: Iterable[Statement]) -> None:
        """Load what the statements are, and what they refer to."""
        unread = (each for each in statements if each.body not in self._read_before)
        self._bodies = {
            body: {name: each for name, each in documents.items() if self._wanted(name)}
            for body, documents in documents_of(connection, unread).items()
        }
        digests = (
            each["content"]
            for documents in self._bodies.values()
            for name, each in documents.items()
            if "content" in each and (name, each["content"]) not in self._values_before
        )
        self._contents = load(connection, digests)

    def _observations(self, statements: Iterable[Statement]) -> Iterable[Observation]:
        for each in statements:
            facts = self._facts(each.body)
            if facts:
                origin = each.origin
                for key, fact in facts:
                    yield Observation(key=key, fact=fact, origin=origin)

    def _wanted(self, name: str) -> bool:
        return self.only is None or name in self.only

    def _facts(self, body: bytes) -> _Facts:
        known = self._read.get(body)
        if known is None:
            known = self._read_before.get(body)
            if known is None:
                documents = self._bodies[body].items()
                named = ((self.keys.find(name), each) for name, each in documents)
                known = [(key, self._fact(key, each)) for key, each in named]
            self._read[body] = known
        return known

    def _fact(self, key: FactKey[Any], document: _Document) -> Fact[Any]:
        if "content" not in document:
            return _fact(key, document)
        at = (key.name, document["content"])
        known = self._values.get(at) or self._values_before.get(at)
        if known is None:
            plain = plain_from_json(self._contents[document["content"]])
            known = _fact(key, {"known": plain})
        self._values[at] = known
        return known


def _fact(key: FactKey[Any], document: _Document) -> Fact[Any]:
    if "known" not in document:
        return _unknown(document)
    try:
        plain = document["known"]
        return Known(value=plain if key.kind in PLAIN else fast_from_plain(plain, key.kind))
    except ValueError:
        return _OTHERWISE


def _unknown(document: _Document) -> Unknown:
    return Unknown(reason=Reason(document["unknown"]), detail=document["detail"])
