"""Observations → what is stored of them: statements, and apart from them what is long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from inventory.model.codec import encode
from inventory.model.fact import Known
from inventory.store.contents import LONG, digest_of
from inventory.store.statements import statement
from inventory.store.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inventory.model.fact import Observation, Origin, Unknown
    from inventory.store.statements import Statement
    from inventory.store.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Written:
    """Observations as they are stored."""

    statements: tuple[Statement, ...]
    contents: Mapping[str, bytes]
    """The long values and statements that they refer to, by digest, but for those of which it is
    remembered that the store keeps them."""
    fresh: tuple[Text, ...]
    """What was not remembered; to be remembered when it is kept."""


def write_observations(observations: Iterable[Observation], texts: Texts) -> Written:
    """Return what is stored of observations.

    Those that share their origin, as the facts of one answer do, become one statement.
    """
    together: dict[int, tuple[Origin | None, list[Observation]]] = {}
    for each in observations:
        origin = each.origin
        together.setdefault(id(origin), (origin, []))[1].append(each)
    statements, fresh, contents = [], [], dict[str, bytes]()
    for origin, told in together.values():
        body = texts.body(told)
        if body is None:
            text, apart = _written(told)
            contents.update(apart)
            fresh.append(text)
            body = text.body
        statements.append(statement(origin, body))
    return Written(statements=tuple(statements), contents=contents, fresh=tuple(fresh))


def write_statements(observations: Iterable[Observation]) -> Written:
    """Return what is stored of observations each of which has an origin of its own."""
    statements, contents = [], dict[str, bytes]()
    for each in observations:
        text, apart = _written((each,))
        contents.update(apart)
        statements.append(statement(each.origin, text.body))
    return Written(statements=tuple(statements), contents=contents, fresh=())


def write_unknown(unknown: Unknown) -> bytes:
    """Return why something is unknown as JSON."""
    return encode({"detail": unknown.detail, "unknown": unknown.reason.value})


def _written(told: Sequence[Observation]) -> tuple[Text, dict[str, bytes]]:
    """Return the facts of one question as text, and what it refers to."""
    apart: dict[str, bytes] = {}
    body = b"{" + b",".join(_name(each.key.name) + _document(each, apart) for each in told) + b"}"
    if len(body) >= LONG:
        body = b'"' + _apart(body, apart) + b'"'
    length = len(body) + sum(map(len, apart.values()))
    return Text(told=told, body=body, length=length), apart


@cache
def _name(name: str) -> bytes:
    return encode(name) + b":"


def _document(each: Observation, apart: dict[str, bytes]) -> bytes:
    if not isinstance(each.fact, Known):
        return write_unknown(each.fact)
    text = encode(each.fact.value, each.key.kind)
    if len(text) < LONG:
        return b'{"known":' + text + b"}"
    return b'{"content":"' + _apart(text, apart) + b'"}'


def _apart(text: bytes, apart: dict[str, bytes]) -> bytes:
    digest = digest_of(text)
    apart[digest] = text
    return digest.encode("ascii")
