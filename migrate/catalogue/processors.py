"""Since when a processor's design is known to exist: the first result that SPEC published of it.

It was sold then already: a server that has it may be younger than that, its design is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Final

from migrate.catalogue.datasets import datasets, read_rows
from migrate.catalogue.overlay import SHIPPED, Catalogue

_DATASET: Final = "server-power"
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_MARKS: Final = re.compile(r"\((?:r|tm)\)|®|™", re.IGNORECASE)
_SPEED: Final = re.compile(r"[@,(]?\s*\d+(?:\.\d+)?\s*[gm]hz\)?.*", re.IGNORECASE)
_WORDS: Final = re.compile(
    r"\b(?:cpu|processor|(?:\d+|dual|quad|six|eight|twelve|sixteen)-core)\b| 0$"
)
"""What does not belong to the number; Intel's first E5 end in a lone 0."""
_GENERATIONS: Final = (
    (re.compile(r"\be[357]-\d{4}\w*?(?: ?v(\d))?$"), "E v{}"),
    (re.compile(r"\b(?:platinum|gold|silver|bronze) \d(\d)\d\d"), "Scalable {}"),
    (re.compile(r"\bepyc \d{3}(\d)"), "EPYC {}"),
    (re.compile(r"\bxeon [elxw](\d\d)\d\d$"), "Xeon {}"),
)
"""How makers number their designs: E5-2670 v3, Gold 6252 (the second), EPYC 7763 (the third)."""


@lru_cache(maxsize=4_096)
def known_since(model: str, catalogue: Catalogue = SHIPPED) -> date | None:
    """Return the first of the month in which SPEC first published a result of a design.

    ``model`` is what the kernel calls the processor. None when no result is known of it, nor of
    another of its generation.
    """
    firsts = _firsts(catalogue)
    return min((firsts[name] for name in _names(model) if name in firsts), default=None)


@cache
def _firsts(catalogue: Catalogue) -> Mapping[str, date]:
    firsts: dict[str, date] = {}
    for row in read_rows(datasets(catalogue)[_DATASET].file, catalogue):
        published = _month(row["published"])
        for name in _names(row["cpu"]):
            firsts[name] = min(published, firsts.get(name, published))
    return firsts


def _names(model: str) -> Iterator[str]:
    """Yield the plain name of a processor, where it has a number, and that of its generation."""
    plain = _plain(model)
    if any(letter.isdigit() for letter in plain):
        yield plain
    for pattern, generation in _GENERATIONS:
        if found := pattern.search(plain):
            yield generation.format(found[1] or 1)


def _plain(model: str) -> str:
    """Return a name without marks, speed and count of cores: ``intel xeon e5-2670 v3``."""
    bare = " ".join(_SPEED.sub("", _MARKS.sub(" ", model)).lower().replace(",", " ").split())
    return " ".join(_WORDS.sub(" ", bare).split())


def _month(text: str) -> date:
    month, _, year = text.partition("-")
    return date(int(year), _MONTHS.index(month) + 1, 1)
