"""Values of the models as JSON text and back: enums by value, times as ISO 8601, decimals as text.

What is written is the same for equal values, so that two texts can be compared and digested.
"""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from cattrs.errors import BaseValidationError, StructureHandlerNotFoundError
from cattrs.preconf.json import JsonConverter, make_converter

PLAIN: Final = (object, Any)
"""Kinds whose values are JSON already."""


def _converter() -> JsonConverter:
    converter = make_converter(detailed_validation=False)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(timedelta, timedelta.total_seconds)
    converter.register_structure_hook(timedelta, lambda seconds, _: timedelta(seconds=seconds))
    return converter


_CONVERTER: Final = _converter()
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def to_plain(value: Any, kind: Any = None) -> Any:
    """Return ``value`` as what JSON can hold; ``kind`` is its type when its class does not tell."""
    if kind in PLAIN:
        return value
    return _CONVERTER.unstructure(value, unstructure_as=kind)


def from_plain(plain: Any, kind: Any) -> Any:
    """Return the value of type ``kind`` that :func:`to_plain` made plain.

    Raises:
        ValueError: ``plain`` does not have the shape of ``kind``.

    """
    if kind in PLAIN:
        return plain
    try:
        return _CONVERTER.structure(plain, kind)
    except (
        BaseValidationError,
        StructureHandlerNotFoundError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
    ) as error:
        raise ValueError(f"not the shape of {kind}: {error}") from error


def to_json(value: Any, kind: Any = None) -> str:
    """Return ``value`` as compact JSON with sorted keys."""
    return plain_to_json(to_plain(value, kind))


def plain_to_json(plain: Any) -> str:
    """Return what :func:`to_plain` made as compact JSON with sorted keys."""
    return _ENCODER.encode(plain)


def from_json(text: str | bytes, kind: Any) -> Any:
    """Return the value of type ``kind`` that :func:`to_json` wrote.

    Raises:
        ValueError: the text is not JSON, or does not have the shape of ``kind``.

    """
    return from_plain(json.loads(text), kind)
