"""What a visit stated, as one document: for each question, what it made known.

Every line of the document is JSON: the origins that its statements share, the question of each
statement with the number of its origin, and then a statement a line. A statement holds a document
for each fact, by name; a long one stands elsewhere, once for all visits that made it, and the line
holds its digest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from inventory.model.fact import Origin
from inventory.store.compression import squeeze, unsqueeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOWHERE: Final = -1
"""The number that stands for no origin."""
_Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """The facts that one question made known at one time."""

    origin: Origin | None
    body: bytes
    """JSON: the documents of the facts by name, or the digest of that."""

    @property
    def digest(self) -> str:
        """Return under which digest the statement is kept; empty when it stands here."""
        return self.body[1:-1].decode("ascii") if self.body.startswith(b'"') else ""


def pack(statements: Iterable[Statement]) -> bytes:
    """Return the statements as one compressed document."""
    shared: dict[tuple[str, datetime, str], int] = {}
    questions: list[tuple[int, str]] = []
    bodies: list[bytes] = []
    for each in statements:
        bodies.append(each.body)
        if each.origin is None:
            questions.append((_NOWHERE, ""))
        else:
            at = (each.origin.source, each.origin.at, each.origin.run)
            questions.append((shared.setdefault(at, len(shared)), each.origin.question))
    origins = [(source, at.astimezone(UTC).isoformat(), run) for source, at, run in shared]
    return squeeze(b"\n".join([_line(origins), _line(questions), *bodies]))


def unpack(packed: bytes) -> list[Statement]:
    """Return the statements that :func:`pack` packed, or that an earlier version stored."""
    plain = unsqueeze(packed)
    if plain.startswith(b"{"):
        return list(_of_second_version(json.loads(plain)))
    origins, questions, *bodies = plain.split(b"\n")
    shared = [(source, datetime.fromisoformat(at), run) for source, at, run in json.loads(origins)]
    return [
        Statement(
            origin=None if number == _NOWHERE else _origin(*shared[number], question=question),
            body=body,
        )
        for (number, question), body in zip(json.loads(questions), bodies, strict=True)
    ]


def _origin(source: str, at: datetime, run: str, *, question: str) -> Origin:
    return Origin(source=source, question=question, at=at, run=run)


def _of_second_version(documents: dict[str, _Document]) -> Iterator[Statement]:
    """Yield each fact as a statement of its own: they stood by name, each with its origin."""
    for name, document in documents.items():
        told = document.pop("origin", None)
        origin = None
        if told:
            source, question, at, run = told
            origin = _origin(source, datetime.fromisoformat(at), run, question=question)
        yield Statement(origin=origin, body=_line({name: document}))


def _line(plain: object) -> bytes:
    return json.dumps(plain, separators=(",", ":")).encode()
