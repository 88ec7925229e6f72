"""Listings stay readable on a terminal of any width."""

from __future__ import annotations

import pytest
from terminal import on_terminal

PROGRAM = """
from inventory.output import print_rows
rows = [
    {"name": "web-1", "target": "ssh://root@10.0.0.11", "state": "there is no route to it " * 3},
    {"name": "db-1", "target": "ssh://root@10.0.0.12", "state": "answered"},
]
print_rows(rows, ("name", "target", "state"), "table", empty="none")
"""


def printed(columns: int) -> str:
    """Return what a listing looks like on a terminal so wide."""
    return on_terminal(columns, "-c", PROGRAM)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_row_is_a_line_or_folds_its_long_cells(columns: int) -> None:
    """Short cells are whole on one line, and no line is wider than the terminal."""
    said = printed(columns)
    assert "ssh://root@10.0.0.11" in said
    assert max(map(len, said.splitlines())) <= columns
    assert said.splitlines()[0].split() == ["name", "target", "state"]


def test_where_no_table_fits_each_row_is_a_block() -> None:
    """On a narrow terminal every value stands whole beside its name."""
    said = printed(40)
    assert "name    web-1\ntarget  ssh://root@10.0.0.11\nstate   there is no route" in said
    assert "\n\nname    db-1" in said
