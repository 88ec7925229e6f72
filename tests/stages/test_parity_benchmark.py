"""The benchmark of parity, at small size."""

from __future__ import annotations

from pathlib import Path

from benchmarks.checks.pairs import PUT_IN
from benchmarks.checks.parity import measure, table


def test_decant_finds_exactly_what_was_put_in_and_plain_comparisons_find_more(
    tmp_path: Path,
) -> None:
    """Eight differences a pair are put in: our checks name those, the peers bury them."""
    figures = {each.contender: each for each in measure(3, 1, tmp_path)}
    ours = {name for name in figures if name.startswith("decant")}
    assert len(ours) == 2
    assert {figures[name].found for name in ours} == {3 * PUT_IN}
    assert all(figures[name].found > 10 * PUT_IN for name in figures.keys() - ours)
    assert "put in on purpose" in table(list(figures.values()))
