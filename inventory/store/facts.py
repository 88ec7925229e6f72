"""Facts as text: each stored observation is one JSON document, read back with its key's type."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inventory.model.codec import from_plain, plain_to_json, to_plain
from inventory.model.fact import FactKey, Known, Observation, Origin, Reason, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Fact
    from inventory.store.keys import Keys


def write_observation(observation: Observation) -> str:
    """Return the JSON document of one observation, without its key's name."""
    return plain_to_json(_document(observation))


def read_observation(name: str, text: str, keys: Keys) -> Observation:
    """Return the observation that :func:`write_observation` wrote.

    A value that no longer has its key's shape comes back as unknown: unreadable.
    """
    return _observation(keys.find(name), json.loads(text))


def pack(written: Mapping[str, str]) -> bytes:
    """Return a visit's written observations, by name, as one compressed document."""
    documents = (f"{json.dumps(name)}:{text}" for name, text in written.items())
    return zlib.compress(f"{{{','.join(documents)}}}".encode())


def unpack(packed: bytes, keys: Keys) -> tuple[Observation, ...]:
    """Return the observations that :func:`pack` wrote."""
    documents = json.loads(zlib.decompress(packed))
    return tuple(_observation(keys.find(name), document) for name, document in documents.items())


def write_unknown(unknown: Unknown | None) -> str | None:
    """Return why something is unknown as JSON text; None for None."""
    return None if unknown is None else plain_to_json(_unknown_document(unknown))


def read_unknown(text: str | None) -> Unknown | None:
    """Return what :func:`write_unknown` wrote."""
    return None if text is None else _unknown(json.loads(text))


def _document(observation: Observation) -> dict[str, Any]:
    fact, origin = observation.fact, observation.origin
    if isinstance(fact, Known):
        document = {"known": to_plain(fact.value, observation.key.kind)}
    else:
        document = _unknown_document(fact)
    if origin:
        moment = origin.at.isoformat()
        document["origin"] = [origin.source, origin.question, moment, origin.run]
    return document


def _observation(key: FactKey[Any], document: dict[str, Any]) -> Observation:
    origin = document.get("origin")
    return Observation(
        key=key, fact=_fact(key, document), origin=_origin(*origin) if origin else None
    )


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
