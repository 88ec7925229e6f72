"""Observations → what is stored of them: statements, and apart from them what is long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from inventory.model.codec import encode
from inventory.model.fact import Known
from inventory.store.contents import LONG, digest_of
from inventory.store.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation, Origin, Unknown


@dataclass(frozen=True, kw_only=True)
class Written:
    """Observations as they are stored."""

    statements: tuple[Statement, ...]
    contents: Mapping[str, bytes]
    """The long values and statements that they refer to, by digest."""


def write_observations(observations: Mapping[str, Observation]) -> Written:
    """Return what is stored of observations that are given by name.

    Those that share their origin, as the facts of one answer do, become one statement.
    """
    together: dict[int, tuple[Origin | None, list[Observation]]] = {}
    for each in observations.values():
        origin = each.origin
        together.setdefault(id(origin), (origin, []))[1].append(each)
    contents: dict[str, bytes] = {}
    statements = tuple(
        Statement(origin=origin, body=_body(told, contents)) for origin, told in together.values()
    )
    return Written(statements=statements, contents=contents)


def _body(told: list[Observation], contents: dict[str, bytes]) -> bytes:
    documents = (_name(each.key.name) + _document(each, contents) for each in told)
    body = b"{" + b",".join(documents) + b"}"
    return body if len(body) < LONG else b'"' + _apart(body, contents) + b'"'


@cache
def _name(name: str) -> bytes:
    return encode(name) + b":"


def _document(each: Observation, contents: dict[str, bytes]) -> bytes:
    if not isinstance(each.fact, Known):
        return write_unknown(each.fact)
    text = encode(each.fact.value, each.key.kind)
    if len(text) < LONG:
        return b'{"known":' + text + b"}"
    return b'{"content":"' + _apart(text, contents) + b'"}'


def _apart(text: bytes, contents: dict[str, bytes]) -> bytes:
    digest = digest_of(text)
    contents[digest] = text
    return digest.encode("ascii")


def write_unknown(unknown: Unknown) -> bytes:
    """Return why something is unknown as JSON."""
    return encode({"detail": unknown.detail, "unknown": unknown.reason.value})
