"""Whether two sources that word one fact differently say the same."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import is_dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from inventory.model.facts import (
    CPU_MODEL,
    FQDN,
    HOSTNAME,
    MEMORY_AVAILABLE,
    OS_NAME,
    SERIAL,
    SMBIOS_UUID,
)
from inventory.model.spelling import firmware_uuid, serial

if TYPE_CHECKING:
    from inventory.model.fact import FactKey

_ROUNDING: Final = 0.10
"""By which share two sizes may differ and still be one: a TB is 9 % less than a TiB, a GB 7 % less
than a GiB, and tools name each by the other's name, or round to whole ones."""
_FRACTION: Final = 0.01
"""The same for other numbers with a fraction."""
_CLOCKS: Final = timedelta(minutes=5)
"""By how much two clocks may differ."""
_MOVING: Final = ("utilisation.", MEMORY_AVAILABLE.name, "placement.storage_used")
"""Names of facts that are another each time that one looks."""
_BITS: Final = frozenset({"32", "64", "bit", "bits", "x86", "x64", "or", "later"})
"""Words that VMware puts behind the name of an operating system."""
_LOOSE: Final = {OS_NAME.name, CPU_MODEL.name}
"""Names for people, where one source says more than the other."""


def comparable(key: FactKey[Any], value: Any) -> bool:
    """Tell whether sources can contradict each other in this.

    They cannot in what moves, nor in lists of parts: of disks and interfaces each lists what it
    sees, by its own names.
    """
    parts = isinstance(value, tuple) and any(is_dataclass(each) for each in value)
    return not (parts or is_dataclass(value) or key.name.startswith(_MOVING))


def alike(key: FactKey[Any], one: Any, other: Any) -> bool:
    """Tell whether two values of a fact are one, however each source writes it."""
    if key.name == SMBIOS_UUID.name:
        return (firmware_uuid(one) or one.lower()) == (firmware_uuid(other) or other.lower())
    if key.name == SERIAL.name:
        return (serial(one) or one) == (serial(other) or other)
    if key.name in {HOSTNAME.name, FQDN.name}:
        return _one_name(one, other)
    if key.name in _LOOSE:
        return _says_more(one, other)
    return _alike(one, other, sizes=key.name.endswith("_bytes"))


def _alike(one: Any, other: Any, *, sizes: bool) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return Counter(map(_comparable, one)) == Counter(map(_comparable, other))
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) <= _CLOCKS
    if _is_number(one) and _is_number(other) and (sizes or isinstance(one + other, float)):
        share = _ROUNDING if sizes else _FRACTION
        return bool(abs(one - other) <= share * max(abs(one), abs(other)))
    return bool(one == other)


def _one_name(one: str, other: str) -> bool:
    """Compare names: in any case, and with or without the domain."""
    left, right = (each.lower().rstrip(".").split(".") for each in (one, other))
    shorter = min(len(left), len(right))
    return left == right or (shorter == 1 and left[0] == right[0])


def _says_more(one: str, other: str) -> bool:
    left, right = (set(re.findall(r"\w+", each.lower())) - _BITS for each in (one, other))
    return left <= right or right <= left


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _comparable(value: Any) -> Any:
    return _plain(value) if isinstance(value, str) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
