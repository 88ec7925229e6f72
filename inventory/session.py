"""One call of ``decant``: which estate it works on, and how loudly."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inventory.printable import printable

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Session:
    """What every command is given."""

    estate_folder: Path | None = None
    """What ``--estate`` said; None looks for one."""
    verbose: bool = False
    quiet: bool = False

    def estate(self) -> Estate:
        """Find and read the estate.

        Raises:
            UsageError: there is none.
            BadInputError: its ``decant.toml`` is wrong.

        """
        from inventory.estate_file import find_estate, read_estate

        folder = find_estate(self.estate_folder, os.environ, Path.cwd())
        return read_estate(folder, os.environ)

    def store(self, estate: Estate) -> Store:
        """Open the estate's store; use it as a context manager.

        Raises:
            StoreError: it cannot be opened.

        """
        from inventory.store.opening import open_store

        return open_store(estate.database, own_collectors=(estate.own("collectors"),))

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)

    def say(self, words: str) -> None:
        """Say something to the person at the terminal, unless they asked for quiet."""
        if not self.quiet:
            click.echo(printable(words), err=True)


def tell_error(message: str, hint: str | None = None) -> None:
    """Say what went wrong, and what to do about it, in the one voice."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} {printable(message)}", err=True)
    if hint:
        click.echo(f"{click.style('hint:', bold=True)} {printable(hint)}", err=True)


def tell_warning(message: str) -> None:
    """Say what deserves a second look."""
    click.echo(f"{click.style('warning:', fg='yellow', bold=True)} {message}", err=True)
