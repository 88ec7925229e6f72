"""Facts as text: each stored observation is one JSON document, read back with its key's type.

A long value is kept apart, once for all servers and visits that share it; the document then holds
its digest.
"""

from __future__ import annotations

import json
import threading
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from inventory.model.codec import from_plain, plain_to_json, to_plain
from inventory.model.fact import FactKey, Known, Observation, Origin, Reason, Unknown
from inventory.store.contents import LONG, digest_of, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from inventory.model.fact import Fact
    from inventory.store.keys import Keys

_REMEMBERED: Final = 2
"""Of how many values of each fact the text is remembered, so that what many servers share is
written once."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """Observations as text."""

    documents: Mapping[str, str]
    """By name."""
    contents: Mapping[str, bytes]
    """The long values that they refer to, by digest."""


@dataclass(frozen=True)
class Reader:
    """Reads documents whose contents were loaded. What is alike is read once."""

    keys: Keys
    contents: Mapping[str, bytes]
    _facts: dict[tuple[str, str], Fact[Any]] = field(default_factory=dict)

    @classmethod
    def over(cls, connection: Connection, keys: Keys, texts: Iterable[str]) -> Reader:
        """Load what the documents refer to."""
        digests = (
            document["content"] for document in map(json.loads, texts) if _is_apart(document)
        )
        return cls(keys, load(connection, digests))

    def observation(self, name: str, document: dict[str, Any]) -> Observation:
        """Return the observation of a document.

        A value that no longer has its key's shape comes back as unknown: unreadable.
        """
        key = self.keys.find(name)
        origin = document.get("origin")
        return Observation(
            key=key,
            fact=self._fact(key, document),
            origin=_origin(*origin) if origin else None,
        )

    def _fact(self, key: FactKey[Any], document: dict[str, Any]) -> Fact[Any]:
        if not _is_apart(document):
            return _fact(key, document)
        at = (key.name, document["content"])
        if at not in self._facts:
            known = json.loads(self.contents[document["content"]])
            self._facts[at] = _fact(key, {"known": known})
        return self._facts[at]


class _Texts:
    """The texts of long values that were written lately. Safe to use from many threads."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[Known[Any], str, str]]] = {}
        self._lock = threading.Lock()

    def of(self, fact: Known[Any], key: FactKey[Any]) -> tuple[str, str]:
        """Return a known value as JSON, and its digest when it is long, else nothing."""
        latest = self._known.get(key.name, [])
        for remembered, text, digest in latest:
            if remembered is fact:
                return text, digest
        text = plain_to_json(to_plain(fact.value, key.kind))
        if len(text) < LONG:
            return text, ""
        digest = digest_of(text.encode())
        with self._lock:
            self._known[key.name] = [(fact, text, digest), *latest][:_REMEMBERED]
        return text, digest


_TEXTS: Final = _Texts()


def write_observations(observations: Mapping[str, Observation]) -> Written:
    """Return the observations as JSON documents, by name, without their keys' names."""
    contents: dict[str, bytes] = {}
    origins: dict[int, str] = {}
    documents = {}
    for name, each in observations.items():
        told = _fact_text(each, contents)
        if each.origin:
            # The facts of one answer share their origin: it is written out once.
            text = origins.get(id(each.origin)) or _origin_text(each.origin)
            origins[id(each.origin)] = text
            told = f'{told},"origin":{text}'
        documents[name] = f"{{{told}}}"
    return Written(documents=documents, contents=contents)


def read_all(
    connection: Connection, keys: Keys, rows: Iterable[tuple[str, str]]
) -> list[Observation]:
    """Return the observations of documents that are given with their keys' names."""
    listed = list(rows)
    reader = Reader.over(connection, keys, (text for _, text in listed))
    return [reader.observation(name, json.loads(text)) for name, text in listed]


def pack(documents: Mapping[str, str]) -> bytes:
    """Return a visit's documents, by name, as one compressed document."""
    listed = (f"{json.dumps(name)}:{text}" for name, text in documents.items())
    return zlib.compress(f"{{{','.join(listed)}}}".encode(), 1)


def unpack(packed: bytes) -> dict[str, dict[str, Any]]:
    """Return the documents that :func:`pack` packed, by name, read as JSON."""
    documents: dict[str, dict[str, Any]] = json.loads(zlib.decompress(packed))
    return documents


def write_unknown(unknown: Unknown | None) -> str | None:
    """Return why something is unknown as JSON text; None for None."""
    return None if unknown is None else plain_to_json(_unknown_document(unknown))


def read_unknown(text: str | None) -> Unknown | None:
    """Return what :func:`write_unknown` wrote."""
    return None if text is None else _unknown(json.loads(text))


def digests_of(documents: Iterable[dict[str, Any]]) -> list[str]:
    """Return the digests of the long values that documents refer to."""
    return [document["content"] for document in documents if _is_apart(document)]


def _fact_text(observation: Observation, contents: dict[str, bytes]) -> str:
    """Return what a document says of the fact itself, without the braces around it."""
    if isinstance(observation.fact, Unknown):
        return plain_to_json(_unknown_document(observation.fact))[1:-1]
    text, digest = _TEXTS.of(observation.fact, observation.key)
    if not digest:
        return f'"known":{text}'
    contents[digest] = text.encode()
    return f'"content":"{digest}"'


def _origin_text(origin: Origin) -> str:
    return plain_to_json([origin.source, origin.question, origin.at.isoformat(), origin.run])


def _is_apart(document: Mapping[str, Any]) -> bool:
    return "content" in document


def _fact(key: FactKey[Any], document: dict[str, Any]) -> Fact[Any]:
    if "known" not in document:
        return _unknown(document)
    try:
        return Known(value=from_plain(document["known"], key.kind))
    except ValueError:
        detail = "stored by a version of Decant that wrote it otherwise"
        return Unknown(reason=Reason.UNREADABLE, detail=detail)


def _unknown_document(unknown: Unknown) -> dict[str, Any]:
    return {"unknown": unknown.reason.value, "detail": unknown.detail}


def _unknown(document: dict[str, Any]) -> Unknown:
    return Unknown(reason=Reason(document["unknown"]), detail=document["detail"])


def _origin(source: str, question: str, at: str, run: str) -> Origin:
    return Origin(source=source, question=question, at=datetime.fromisoformat(at), run=run)
