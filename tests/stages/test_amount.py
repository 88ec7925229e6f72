"""A count and its noun agree."""

from __future__ import annotations

import pytest

from inventory.amount import amount


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (1200, ("row",), "1,200 rows"),
        (1, ("entry differs", "entries differ"), "1 entry differs"),
        (2, ("entry differs", "entries differ"), "2 entries differ"),
    ],
)
def test_one_thing_is_told_of_as_one(count: int, words: tuple[str, ...], said: str) -> None:
    """Only one is told of by the first noun, and the verb goes with it."""
    assert amount(count, *words) == said
