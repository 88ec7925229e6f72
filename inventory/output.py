"""Listings: the same rows as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

if TYPE_CHECKING:
    from rich.table import Table

from inventory.printable import printable

F = TypeVar("F", bound=Callable[..., Any])
Row = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")
_WIDE = 10_000
_FOLDED = 18
"""To how few characters a long cell may be folded."""
_GAP = 2
"""Blanks between columns."""


def format_option(*more: str) -> Callable[[F], F]:
    """Give a command ``--format table|json|csv``, and more formats where it has them."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv", *more]),
        default="table",
        show_default=True,
        help="How to print it.",
    )


def print_rows(rows: Sequence[Row], columns: Sequence[str], form: str, *, empty: str) -> None:
    """Print rows on standard output; a table of none says ``empty`` on standard error instead.

    JSON keeps each value as it is, CSV and tables print it; lists are joined by commas.
    """
    if form == "json":
        print_json([{column: row.get(column) for column in columns} for row in rows])
    elif form == "csv":
        click.echo(as_csv(rows, columns), nl=False)
    elif not rows:
        click.echo(empty, err=True)
    else:
        _print_table(rows, columns)


def fits(rows: Sequence[Row], columns: Sequence[str]) -> bool:
    """Tell whether the terminal is wide enough for a table of these columns, nothing folded."""
    cells = [[shown(row.get(column)) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    return bool(sum(widths) + _GAP * (len(widths) - 1) <= console().width)


def print_json(value: object) -> None:
    """Print a JSON value on standard output, indented."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def as_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV with a heading, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(shown(row.get(column))) for column in columns] for row in rows)
    return out.getvalue()


def guarded(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula: such cells get a leading apostrophe."""
    return f"'{text}" if text[:1] in set("=+-@\t\r") and not _NUMBER.match(text) else text


def shown(value: object) -> str:
    """Return a value as a person would write it; it does nothing to a terminal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    return printable(str(value))


def tty() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def console() -> Any:
    """Return a rich console on standard output: as wide as it takes off a terminal, no colour."""
    from rich.console import Console

    return Console(
        soft_wrap=False,
        width=None if tty() else _WIDE,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _print_table(rows: Sequence[Row], columns: Sequence[str]) -> None:
    cells = [[shown(row.get(column)) for column in columns] for row in rows]
    headings = [column.replace("_", " ") for column in columns]
    stream = console()
    widths = _widths(headings, cells, stream.width)
    if widths is None:
        _print_blocks(headings, cells)
        return
    table = _table(headings, cells, widths, [_is_number(rows, column) for column in columns])
    with stream.capture() as captured:
        stream.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _is_number(rows: Sequence[Row], column: str) -> bool:
    return all(isinstance(row.get(column), int | float) for row in rows)


def _widths(
    headings: Sequence[str], cells: Sequence[Sequence[str]], width: int
) -> list[int] | None:
    """Fit columns into a width by folding the widest first; None when that makes no readable table.

    Short cells are never folded.
    """
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    over = sum(widths) + _GAP * (len(widths) - 1) - width
    while over > 0:
        widest = max(range(len(widths)), key=widths.__getitem__)
        spare = min(over, widths[widest] - _FOLDED)
        if spare <= 0:
            return None
        widths[widest] -= spare
        over -= spare
    return widths


def _print_blocks(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Print each row as a block of lines, where a table would be too narrow to read."""
    wide = max(map(len, headings))
    blocks = (
        "\n".join(
            f"{heading:<{wide}}  {cell}"
            for heading, cell in zip(headings, row, strict=True)
            if cell
        )
        for row in cells
    )
    click.echo("\n\n".join(blocks))


def _table(
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    widths: Sequence[int],
    numbers: Sequence[bool],
) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for heading, width, is_number in zip(headings, widths, numbers, strict=True):
        side: Literal["left", "right"] = "right" if is_number else "left"
        table.add_column(heading, justify=side, overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(Text, row))
    return table
