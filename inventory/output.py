"""Listings: the same rows as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from inventory.printable import printable

F = TypeVar("F", bound=Callable[..., Any])
Row = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")
_WIDE = 10_000


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
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numbers = all(isinstance(row.get(column), int | float) for row in rows)
        table.add_column(
            column.replace("_", " "),
            justify="right" if numbers else "left",
            overflow="fold",
            no_wrap=not tty(),
        )
    for row in rows:
        table.add_row(*(Text(shown(row.get(column))) for column in columns))
    stream = console()
    with stream.capture() as captured:
        stream.print(table)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))
