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
    told = [unpack(each) if each else [] for each in packed]
    reader = _Reader(keys=keys, only=only)
    reader.load(connection, (each for statements in told for each in statements))
    return [tuple(reader.observations(statements)) for statements in told]


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
class _Reader:
    keys: Keys
    only: Collection[str] | None
    _bodies: Mapping[bytes, dict[str, _Document]] = field(default_factory=dict)
    _contents: Mapping[str, bytes] = field(default_factory=dict)
    _read: dict[bytes, list[tuple[FactKey[Any], Fact[Any]]]] = field(default_factory=dict)
    _values: dict[tuple[str, str], Fact[Any]] = field(default_factory=dict)

    def load(self, connection: Connection, statements: Iterable[Statement]) -> None:
        """Load what the statements are, and what they refer to."""
        self._bodies = {
            body: {name: each for name, each in documents.items() if self._wanted(name)}
            for body, documents in documents_of(connection, statements).items()
        }
        digests = (
            each["content"]
            for documents in self._bodies.values()
            for each in documents.values()
            if "content" in each
        )
        self._contents = load(connection, digests)

    def observations(self, statements: Iterable[Statement]) -> Iterable[Observation]:
        for each in statements:
            facts = self._facts(each.body)
            if facts:
                origin = each.origin
                for key, fact in facts:
                    yield Observation(key=key, fact=fact, origin=origin)

    def _wanted(self, name: str) -> bool:
        return self.only is None or name in self.only

    def _facts(self, body: bytes) -> list[tuple[FactKey[Any], Fact[Any]]]:
        if body not in self._read:
            named = ((self.keys.find(name), each) for name, each in self._bodies[body].items())
            self._read[body] = [(key, self._fact(key, each)) for key, each in named]
        return self._read[body]

    def _fact(self, key: FactKey[Any], document: _Document) -> Fact[Any]:
        if "content" not in document:
            return _fact(key, document)
        at = (key.name, document["content"])
        if at not in self._values:
            known = plain_from_json(self._contents[document["content"]])
            self._values[at] = _fact(key, {"known": known})
        return self._values[at]


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
