"""Releases compared part by part: 9.4 belongs to 9, and lies between 9.0 and 9.7."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[.\-+~_:]")


def parts(version: str) -> tuple[str, ...]:
    """Return the parts of a release: ``2012-r2`` is 2012 and r2."""
    return tuple(_PARTS.split(version.strip().lower()))


def within(version: str, cycle: str) -> bool:
    """Tell whether a release belongs to a cycle: 9.4 to 9, 22.04.3 to 22.04, but not 90 to 9."""
    head = parts(cycle)
    return parts(version)[: len(head)] == head


def between(version: str, first: str, last: str) -> bool:
    """Tell whether a release lies in a range; of a release without its minor part, any may."""
    try:
        given, low, high = (tuple(map(int, parts(each))) for each in (version, first, last))
    except ValueError:
        return False
    length = min(len(given), len(low), len(high))
    return low[:length] <= given[:length] <= high[:length]
