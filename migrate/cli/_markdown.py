"""Rows as a Markdown table, beside the formats that every listing has."""

from __future__ import annotations

from collections.abc import Sequence

import click

from inventory.output import Row, print_rows, shown


def print_any(rows: Sequence[Row], columns: Sequence[str], form: str, *, empty: str) -> None:
    """Print rows in any format, Markdown among them."""
    if form == "markdown" and rows:
        click.echo("\n".join(as_markdown(rows, columns)))
    else:
        print_rows(rows, columns, "table" if form == "markdown" else form, empty=empty)


def as_markdown(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Return the lines of a table; what would break one is escaped."""
    heading = [column.replace("_", " ") for column in columns]
    cells = [[escaped(shown(row.get(column))) for column in columns] for row in rows]
    return [_line(each) for each in (heading, ["---"] * len(columns), *cells)]


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
