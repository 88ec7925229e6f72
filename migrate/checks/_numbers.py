"""The numbers that a field of a schedule stands for: lists, ranges, steps and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

Wanted = frozenset[int]

_NO_NAMES: Final[Mapping[str, int]] = {}
_SHORT: Final = 3
_FROM_END: Final = re.compile(r"0*([1-9]\d?)(?:\.\.0*([1-9]\d?)|/0*([1-9]\d?))?")
month_names: Final[Mapping[str, int]] = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
weekday_names: Final[Mapping[str, int]] = {
    name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
}


def numbers(
    field: str,
    least: int,
    most: int,
    names: Mapping[str, int] = _NO_NAMES,
    between: str = "-",
) -> Wanted | None:
    """Return what ``1,15``, ``1-5``, ``*/2`` or ``mon-fri`` stands for; None when it is no such.

    ``between`` stands between a range's ends: systemd writes ``..``, and its step counts from the
    number before it to the end.
    """
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        some = _range(span, least, most, names, between, open_ended=bool(step))
        if some is None or (step and (not step.isdigit() or int(step) == 0)):
            return None
        found.update(list(some)[:: int(step) if step else 1])
    return frozenset(found) if found else None


def from_end(field: str) -> Wanted | None:
    """Return which days, counted from a month's end, ``01``, ``01..03`` or ``07/1`` stands for.

    A step goes towards the end: ``07/1`` is each of the last seven days.
    """
    found: set[int] = set()
    for part in field.split(","):
        read = _FROM_END.fullmatch(part)
        if read is None:
            return None
        first, last, step = (int(each) if each else 0 for each in read.groups())
        found.update(range(first, 0, -step) if step else range(first, max(first, last) + 1))
    return frozenset(found) if found else None


def _range(
    span: str, least: int, most: int, names: Mapping[str, int], between: str, *, open_ended: bool
) -> Iterable[int] | None:
    if span in {"*", "?"}:
        return range(least, most + 1)
    first_text, dots, last_text = _parted(span, between)
    first = _number(first_text, names)
    last = _number(last_text, names) if dots else (most if open_ended else first)
    if first is None or last is None or not least <= first <= most or not least <= last <= most:
        return None
    if first <= last:
        return range(first, last + 1)
    # Over the end of a week or a year: fri-mon.
    return (*range(first, most + 1), *range(least, last + 1)) if names else None


def _parted(span: str, between: str) -> tuple[str, str, str]:
    if between not in span and between == ".." and span[:1].isalpha():
        between = "-"  # as systemd wrote it once
    return span.partition(between)


def _number(text: str, names: Mapping[str, int]) -> int | None:
    if text.isdigit():
        return int(text)
    return names.get(text[:_SHORT].lower()) if text.isalpha() else None
