"""What a visit stated, as one document: for each question, what it made known.

Every line of the document is JSON: the origins that its statements share, the question of each
statement with the number of its origin, and then a statement a line. A statement holds a document
for each fact, by name; a long one stands elsewhere, once for all visits that made it, and the line
holds its digest.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from inventory.model.fact import Origin
from inventory.store.compression import squeeze, unsqueeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOWHERE: Final = -1
"""The number that stands for no origin: it counts from the end."""
_Document = dict[str, Any]


class Told(NamedTuple):
    """Who told a statement, when, and in which run: what the statements of a visit share."""

    source: str
    at: datetime
    run: str


class Statement(NamedTuple):
    """The facts that one question made known at one time. A tuple, as there are very many."""

    told: Told | None
    """None when nobody knows."""
    question: str
    body: bytes
    """JSON: the documents of the facts by name, or the digest of that."""

    @property
    def origin(self) -> Origin | None:
        """Where its facts come from."""
        if self.told is None:
            return None
        source, at, run = self.told
        return Origin(source=source, question=self.question, at=at, run=run)

    @property
    def digest(self) -> str:
        """Return under which digest the statement is kept; empty when it stands here."""
        return self.body[1:-1].decode("ascii") if self.body.startswith(b'"') else ""


def statement(origin: Origin | None, body: bytes) -> Statement:
    """Return the statement of facts that have this origin."""
    if origin is None:
        return Statement(None, "", body)
    told = Told(origin.source, origin.at.astimezone(UTC), origin.run)
    return Statement(told, origin.question, body)


def pack(statements: Iterable[Statement]) -> bytes:
    """Return the statements as one compressed document."""
    shared: dict[Told | None, int] = {None: _NOWHERE}
    questions: list[tuple[int, str]] = []
    bodies: list[bytes] = []
    for told, question, body in statements:
        questions.append((shared.setdefault(told, len(shared) - 1), question))
        bodies.append(body)
    origins = [(each.source, each.at.isoformat(), each.run) for each in shared if each]
    return squeeze(b"\n".join([_line(origins), _line(questions), *bodies]))


def unpack(packed: bytes) -> list[Statement]:
    """Return the statements that :func:`pack` packed, or that an earlier version stored."""
    plain = unsqueeze(packed)
    if plain.startswith(b"{"):
        return list(_of_second_version(json.loads(plain)))
    origins, questions, *bodies = plain.split(b"\n")
    shared: list[Told | None] = [
        Told(source, datetime.fromisoformat(at), run) for source, at, run in json.loads(origins)
    ]
    shared.append(None)
    return [
        Statement(shared[number], question, body)
        for (number, question), body in zip(json.loads(questions), bodies, strict=True)
    ]


def _of_second_version(documents: dict[str, _Document]) -> Iterator[Statement]:
    """Yield each fact as a statement of its own: they stood by name, each with its origin."""
    for name, document in documents.items():
        told, question = None, ""
        if "origin" in document:
            source, question, at, run = document.pop("origin")
            told = Told(source, datetime.fromisoformat(at), run)
        yield Statement(told, question, _line({name: document}))


def _line(plain: object) -> bytes:
    return json.dumps(plain, separators=(",", ":")).encode()
