"""What two servers differ in: each difference under a key, and what could not be compared."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from inventory.model.fact import FactKey
from migrate.checks._say import fact
from migrate.model.check import Sight
from migrate.model.evidence import CheckResult

T = TypeVar("T")

_LONGEST = 100
"""Characters of one part of a key; the rest of a longer one is told by its digest."""
_UNSPEAKABLE = frozenset("%*'")
"""What a key cannot hold as it is, beside blanks and what cannot be printed: an explanation that
ends in ``*`` speaks of many keys, and keys are typed within quotes."""

NAMES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "uniqueItems": True,
}
"""JSON Schema of a list of names; in each, ``*`` stands for anything."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing in which the two servers differ."""

    key: str
    """As :func:`key` makes it."""
    words: str
    told: bool = False
    """Whether it is only told: it fails nothing unless it is forbidden."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of comparing."""

    agreed: str = ""
    """What is true when nothing differs but what is told, a sentence without its full stop."""
    differences: tuple[Difference, ...] = ()
    same: int = 0
    """How many things were compared and are the same."""
    blind: tuple[str, ...] = ()
    """What could not be compared, and why: then the check cannot pass."""
    aside: tuple[str, ...] = ()
    """What is told besides."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else was observed, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Pair(Generic[T]):
    """One fact, as both servers tell it."""

    old: T
    new: T


def key(kind: str, *of: object) -> str:
    """Return a difference's key, such as ``missing:443/tcp``: no blanks, and no ``*``."""
    return ":".join((kind, *(_part(str(each)) for each in of)))


def matches(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what matches any of the patterns, in which ``*`` stands for anything."""
    each = (".*".join(re.escape(part) for part in pattern.split("*")) for pattern in patterns)
    return re.compile("|".join(f"(?:{one})" for one in each) or r"(?!)", re.DOTALL)


def both(sight: Sight, of: FactKey[T]) -> Pair[T] | CheckResult:
    """Return a fact of both servers, or the unknown result that says which did not tell it."""
    old = fact(sight.old, of, "the old server")
    if isinstance(old, CheckResult):
        return old
    new = fact(sight.new, of, "the new server")
    if isinstance(new, CheckResult):
        return new
    return Pair(old=old.value, new=new.value)


def joined(agreed: str, *parts: Comparison | CheckResult) -> Comparison:
    """Return several comparisons as one; a part that could not be made leaves it blind there."""
    known = [each for each in parts if isinstance(each, Comparison)]
    untold = [each.detail for each in parts if isinstance(each, CheckResult)]
    return Comparison(
        agreed=agreed,
        differences=tuple(difference for each in known for difference in each.differences),
        same=sum(each.same for each in known),
        blind=(*(blind for each in known for blind in each.blind), *dict.fromkeys(untold)),
        aside=tuple(aside for each in known for aside in each.aside),
    )


def _part(text: str) -> str:
    if len(text) > _LONGEST:
        digest = hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
        text = f"{text[:_LONGEST]}~{digest[:12]}"
    if text.isprintable() and not _UNSPEAKABLE.intersection(text) and " " not in text:
        return text
    return "".join(each if _speaks(each) else _quoted(each) for each in text)


def _speaks(character: str) -> bool:
    return character.isprintable() and character != " " and character not in _UNSPEAKABLE


def _quoted(character: str) -> str:
    return quote(character, safe="", errors="backslashreplace")
