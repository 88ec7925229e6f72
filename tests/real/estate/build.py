"""Builds roots ahead of time and says how long it took: ``python -m estate.build [NAME]...``.

Without a name, those that the estate's servers start from.
"""

from __future__ import annotations

import time

import click

from estate.definition import definition
from estate.roots import roots


@click.command()
@click.argument("names", nargs=-1)
def build(names: tuple[str, ...]) -> None:
    """Build the roots that the cache does not hold."""
    started = time.monotonic()
    wanted = names or tuple(each.root for each in definition().servers)
    for name, folder in roots(wanted).items():
        click.echo(f"{name}: {folder}")
    click.echo(f"{time.monotonic() - started:.0f} s", err=True)


if __name__ == "__main__":
    build()
