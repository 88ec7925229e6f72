"""Releases of kernels and systems as numbers that can be compared."""

from __future__ import annotations

import re


def release_numbers(release: str) -> tuple[int, ...]:
    """Return the first two numbers of a release: (5, 14) of ``5.14.0-427``, (12, 2) of ``12-sp2``.

    One when there is but one, and empty when there is none.
    """
    return tuple(int(part) for part in re.findall(r"\d+", release)[:2])
