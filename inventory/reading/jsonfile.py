"""JSON → documents: one, one for each line, or several one after the other."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.reading.encodings import lines
from inventory.reading.source import Source, damage_named

LONGEST: Final = 256 << 20
"""Characters of one document."""


def looks_like_json(beginning: str) -> bool:
    """Say whether a text begins as JSON that holds something: an INI file's ``[web]`` does not."""
    start = beginning.lstrip()[:200]
    inner = start[1:].lstrip()
    if start.startswith("{"):
        return inner.startswith(('"', "}"))
    return (start.startswith("[") and inner.startswith(("{", "[", '"'))) or start.strip() == "[]"


def documents_of(source: Source) -> Iterator[Any]:
    """Yield the documents of a file.

    A file of lines is read line by line; anything else at once.

    Raises:
        BadInputError: it is no JSON, or it is too long or too deep.

    """
    with damage_named(source.name), lines(source.open(), source.name, LONGEST) as text:
        numbered = ((number, line) for number, line in enumerate(text, 1) if line.strip())
        first = next(numbered, None)
        if first is None:
            raise BadInputError(f"{source.name}: it is empty")
        try:
            documents = list(_one_after_the_other(first[1], source.name, first[0]))
        except BadInputError:
            # The first line is only a part of what it begins.
            whole = _all(source, first[1], text)
            yield from _one_after_the_other(whole, source.name, first[0])
            return
        yield from documents
        for number, line in numbered:
            yield from _one_after_the_other(line, source.name, number)


def _all(source: Source, first: str, rest: Iterator[str]) -> str:
    held, size = [first], len(first)
    for line in rest:
        size += len(line)
        if size > LONGEST:
            raise BadInputError(f"{source.name}: it is one JSON document of more than {LONGEST}")
        held.append(line)
    return "".join(held)


def _one_after_the_other(text: str, name: str, line: int) -> Iterator[Any]:
    place = 0
    while True:
        while place < len(text) and text[place] in " \t\r\n":
            place += 1
        if place == len(text):
            return
        try:
            document, place = _DECODER.raw_decode(text, place)
        except json.JSONDecodeError as error:
            row = line + error.lineno - 1
            raise BadInputError(
                f"{name}: line {row}, column {error.colno}: it is no JSON: {error.msg}",
                hint="the file may be cut, or still be being written",
            ) from error
        except RecursionError as error:
            raise BadInputError(f"{name}: its JSON is nested too deeply") from error
        except ValueError as error:
            raise BadInputError(f"{name}: {error}") from error
        yield document


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        for key, value in pairs:
            if held[key] != value:
                raise ValueError(f"the key {key!r} stands twice in one object, with two values")
    return held


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_finite, parse_constant=lambda _: None
)
"""NaN and the infinities are no values: they are taken for null."""
