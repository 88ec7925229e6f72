"""Stored statements read back as observations, each with its key's type; what is alike, once.

What is known of a server now is what its last visit stated that stated anything, laid over what had
been learnt before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from inventory.model.codec import PLAIN, encode, fast_from_json, parts_from_json, plain_from_json
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
_KNOWN: Final = b'{"known":'
"""How the document of a fact begins that is known and short; its value is the rest but for a brace.
Others say why it is unknown, or where the value stands."""
_APART: Final = b'{"content":'
_SHORT: Final = 80
"""Up to how many bytes of a document it is looked up what was read of it before; those that refer
to a value that is kept elsewhere are never longer."""
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
    return {body: plain_from_json(whole) for body, whole in _whole(connection, statements).items()}


def _whole(connection: Connection, statements: Iterable[Statement]) -> dict[bytes, bytes]:
    """Return each statement's documents as JSON, by its body."""
    apart: dict[bytes, str] = {}
    for each in statements:
        if each.body not in apart:
            apart[each.body] = each.digest
    contents = load(connection, filter(None, apart.values()))
    return {body: contents[digest] if digest else body for body, digest in apart.items()}


@dataclass(kw_only=True)
class Reader:
    """Reads packed documents, many times.

    What one reading has in common with the one before is not read again, and is the same object.
    """

    keys: Keys
    only: Collection[str] | None = None
    """Names of the facts to read; None for all."""
    _bodies: Mapping[bytes, dict[str, bytes]] = field(default_factory=dict)
    _contents: Mapping[str, bytes] = field(default_factory=dict)
    _read: dict[bytes, _Facts] = field(default_factory=dict)
    _values: dict[tuple[str, bytes], Fact[Any]] = field(default_factory=dict)
    _read_before: dict[bytes, _Facts] = field(default_factory=dict)
    _values_before: dict[tuple[str, bytes], Fact[Any]] = field(default_factory=dict)

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
            body: parts_from_json(whole, self.only)
            for body, whole in _whole(connection, unread).items()
        }
        digests = (
            _digest(document)
            for documents in self._bodies.values()
            for name, document in documents.items()
            if document.startswith(_APART) and (name, document) not in self._values_before
        )
        self._contents = load(connection, digests)

    def _observations(self, statements: Iterable[Statement]) -> Iterable[Observation]:
        for each in statements:
            facts = self._facts(each.body)
            if facts:
                origin = each.origin
                for key, fact in facts:
                    yield Observation(key=key, fact=fact, origin=origin)

    def _facts(self, body: bytes) -> _Facts:
        known = self._read.get(body)
        if known is None:
            known = self._read_before.get(body)
            if known is None:
                documents = self._bodies[body].items()
                known = [(self.keys.find(name), self._fact(name, each)) for name, each in documents]
            self._read[body] = known
        return known

    def _fact(self, name: str, document: bytes) -> Fact[Any]:
        if len(document) > _SHORT:
            return self._read_fact(name, document)
        at = (name, document)
        known = self._values.get(at) or self._values_before.get(at)
        if known is None:
            known = self._read_fact(name, document)
        self._values[at] = known
        return known

    def _read_fact(self, name: str, document: bytes) -> Fact[Any]:
        key = self.keys.find(name)
        if document.startswith(_KNOWN):
            return _known(key, document[len(_KNOWN) : -1])
        if document.startswith(_APART):
            return _known(key, self._contents[_digest(document)])
        plain = plain_from_json(document)
        return _known(key, encode(plain["known"])) if "known" in plain else _unknown(plain)


def _digest(document: bytes) -> str:
    digest: str = plain_from_json(document)["content"]
    return digest


def _known(key: FactKey[Any], text: bytes) -> Fact[Any]:
    try:
        return Known(
            value=plain_from_json(text) if key.kind in PLAIN else fast_from_json(text, key.kind)
        )
    except ValueError:
        return _OTHERWISE


def _unknown(document: _Document) -> Unknown:
    return Unknown(reason=Reason(document["unknown"]), detail=document["detail"])
