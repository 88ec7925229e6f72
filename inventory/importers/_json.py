"""Values of JSON that somebody else wrote, of which nothing can be relied on."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inventory.reading import values


def text(value: Any) -> str | None:
    """Return a text or a number as text; None for what is empty, not told, or no such value."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        return values.text(value)
    except ValueError:
        return None


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a list, or the one text that stands in its place."""
    found = map(text, value if isinstance(value, list) else (value,))
    return tuple(each for each in found if each)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> Sequence[Any]:
    """Return a list; an empty one in place of anything else."""
    return value if isinstance(value, list) else ()


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list, or the one object that stands in its place."""
    for each in [value] if isinstance(value, dict) else sequence(value):
        if isinstance(each, dict):
            yield each


def parsed(held: str) -> Any:
    """Read one document out of a text; NaN and the infinities are taken for null.

    Raises:
        ValueError: it is no JSON, or is nested too deeply; with words for people.

    """
    try:
        return json.loads(held, parse_float=_finite, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error.msg} in its line {error.lineno}") from error
    except RecursionError as error:
        raise ValueError("its JSON is nested too deeply") from error


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None
