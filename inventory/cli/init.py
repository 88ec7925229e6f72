"""Make an estate folder."""

from __future__ import annotations

from pathlib import Path

import click

from inventory.session import Session


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--name", help="What people call the estate; the folder's name unless given.")
@click.pass_obj
def init(session: Session, folder: Path, name: str | None) -> None:
    """Make an estate folder.

    \b
        decant init civic-hub

    It gets a commented decant.toml, in which partners, targets and moves are given. The database
    is made when it is first needed. An estate that is there already is left as it is.
    """
    from inventory.estate_file import make_estate

    path = make_estate(folder, name or folder.resolve().name or "estate")
    click.echo(str(path))
    go = "" if folder == Path() else f"cd {folder} && "
    session.say(f"next: {go}decant discover ssh://root@SERVER --identity KEY")


COMMAND = init
