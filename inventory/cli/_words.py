"""Facts in words: units that people read, how old a fact is, and unknown always said so."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from inventory.cli._parts import in_words, size
from inventory.model.fact import Known
from inventory.printable import printable

UNKNOWN: Final = "unknown"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def moment(when: datetime | None) -> str:
    """Write a time in UTC to the minute; ``never`` when there is none."""
    return f"{when:%Y-%m-%d %H:%M}" if when else "never"


def age(when: datetime, now: datetime) -> str:
    """Write how long ago something was: ``just now``, ``5 min ago``, ``3 days ago``."""
    seconds = int((now - when) / timedelta(seconds=1))
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min ago"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h ago"
    return f"{seconds // _DAY} days ago"


def fact_in_words(name: str, fact: object) -> str:
    """Write one fact on one line, with its unit; what is unknown with its reason."""
    return value_in_words(name, fact.value) if isinstance(fact, Known) else printable(str(fact))


def value_in_words(name: str, value: Any) -> str:  # noqa: PLR0911 - one for each type
    """Write one value on one line; ``name`` ends with its unit, if it has one."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return f"{moment(value)} UTC"
    if name.endswith("_bytes") and isinstance(value, int):
        return size(value)
    if is_dataclass(value):
        return printable(in_words(value) or _part_in_words(value))
    if isinstance(value, list | tuple):
        return ", ".join(value_in_words(name, each) for each in value) or "none"
    return printable(str(value))


def _part_in_words(part: Any) -> str:
    words = []
    for each in fields(part):
        value = getattr(part, each.name)
        if value is None or value == ():
            continue
        label = each.name.removesuffix("_bytes").replace("_", " ")
        text = value_in_words(each.name, value)
        words.append(text if each.name in {"name", "mount_point"} else f"{label} {text}")
    return ", ".join(words)
