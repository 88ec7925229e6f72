"""Values of the models as JSON text and back: enums by value, times as ISO 8601, decimals as text.

What is written is the same for equal values, so that two texts can be compared and digested.
:func:`to_json` sorts all keys; :func:`encode` is many times as fast, and leaves a class's fields in
the order in which it has them. What either wrote is read alike.
"""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cattrs.preconf.json import JsonConverter

PLAIN: Final = (object, Any)
"""Kinds whose values are JSON already."""


@cache
def _converter() -> JsonConverter:
    # Loaded when it is needed: a discovery only writes, and cattrs takes a while to load.
    from cattrs.preconf.json import make_converter

    converter = make_converter(detailed_validation=False)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(timedelta, timedelta.total_seconds)
    converter.register_structure_hook(timedelta, _period)
    return converter


def _period(plain: Any, _: object) -> timedelta:
    """Read seconds, as :func:`to_plain` writes them, or ISO 8601, as :func:`encode` does."""
    if isinstance(plain, str):
        return msgspec.convert(plain, timedelta)
    return timedelta(seconds=plain)


_SORTING: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_FAST: Final = msgspec.json.Encoder(order="deterministic")
_PARTS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NOT_FAST: Final = (TypeError, ValueError, OverflowError, RecursionError)
"""What says that a value needs the other encoder: half an emoji, a mapping by numbers …"""

_NOT_FAST_TO_READ: Final = (msgspec.MsgspecError, TypeError, ValueError)
"""What says that a text needs the other decoder, or is wrong."""


def to_plain(value: Any, kind: Any = None) -> Any:
    """Return ``value`` as what JSON can hold; ``kind`` is its type when its class does not tell."""
    if kind in PLAIN:
        return value
    return _converter().unstructure(value, unstructure_as=kind)


def from_plain(plain: Any, kind: Any) -> Any:
    """Return the value of type ``kind`` that :func:`to_plain` made plain.

    Raises:
        ValueError: ``plain`` does not have the shape of ``kind``.

    """
    if kind in PLAIN:
        return plain
    from cattrs.errors import BaseValidationError, StructureHandlerNotFoundError

    try:
        return _converter().structure(plain, kind)
    except (
        BaseValidationError,
        StructureHandlerNotFoundError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
    ) as error:
        raise ValueError(f"not the shape of {kind}: {error}") from error


def plain_from_json(text: str | bytes) -> Any:
    """Return what JSON holds, plain.

    Raises:
        ValueError: the text is not JSON.

    """
    try:
        return msgspec.json.decode(text)
    except _NOT_FAST_TO_READ:
        return json.loads(text)


def fast_from_plain(plain: Any, kind: Any) -> Any:
    """Return what :func:`from_plain` does, several times as fast for most shapes.

    Raises:
        ValueError: ``plain`` does not have the shape of ``kind``.

    """
    try:
        return msgspec.convert(plain, kind)
    except _NOT_FAST_TO_READ:
        return from_plain(plain, kind)


def fast_from_json(text: str | bytes, kind: Any) -> Any:
    """Return what :func:`from_json` does, several times as fast for most shapes.

    Raises:
        ValueError: the text is not JSON, or does not have the shape of ``kind``.

    """
    try:
        return _decoder(kind).decode(text)
    except _NOT_FAST_TO_READ:
        return from_json(text, kind)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Return what reads one kind; to find out what a kind is takes longer than to read a value."""
    return msgspec.json.Decoder(kind)


def parts_from_json(text: bytes, only: Collection[str] | None = None) -> dict[str, bytes]:
    """Return what a JSON object holds by its names, each value as JSON that is not read yet.

    With ``only``, nothing is returned under other names.

    Raises:
        ValueError: the text is not JSON, or no object.

    """
    parts: Mapping[str, bytes | msgspec.Raw]
    try:
        parts = _PARTS.decode(text)
    except _NOT_FAST_TO_READ:
        plain = json.loads(text)
        if not isinstance(plain, dict):
            raise ValueError("it is no object") from None  # noqa: TRY004 - it is a wrong text
        parts = {name: to_json(part).encode() for name, part in plain.items()}
    return {name: bytes(part) for name, part in parts.items() if only is None or name in only}


def to_json(value: Any, kind: Any = None) -> str:
    """Return ``value`` as compact JSON with sorted keys."""
    return plain_to_json(to_plain(value, kind))


def plain_to_json(plain: Any) -> str:
    """Return what :func:`to_plain` made as compact JSON with sorted keys."""
    return _SORTING.encode(plain)


def encode(value: Any, kind: Any = None) -> bytes:
    """Return ``value`` as compact JSON in UTF-8; equal values of one class give equal bytes."""
    try:
        return _FAST.encode(value)
    except _NOT_FAST:
        return to_json(value, kind).encode()


def from_json(text: str | bytes, kind: Any) -> Any:
    """Return the value of type ``kind`` that :func:`to_json` wrote.

    Raises:
        ValueError: the text is not JSON, or does not have the shape of ``kind``.

    """
    return from_plain(json.loads(text), kind)
