"""Print the least that sudo must allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inventory.errors import UsageError
from inventory.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from inventory.discovery.privileges import Command
    from inventory.model.collector import Collector


@click.command()
@click.option("--user", default="decant", show_default=True, help="The account that asks.")
@click.pass_obj
def sudoers(session: Session, /, user: str) -> int:
    """Print a sudoers file with the least that sudo must allow on a server.

    \b
        decant sudoers --user decant > decant.sudoers
        visudo -c -f decant.sudoers

    It is made of what the collectors themselves ask for, your own in the estate's collectors
    folder among them. What is not allowed is not guessed: it is unknown in the inventory.
    """
    from inventory.discovery.sudoers import sudoers_file

    click.echo(sudoers_file(user, _commands(_own(session))), nl=False)
    return 0


def _own(session: Session) -> Path | None:
    """Return the estate's own collectors; without an estate there are none."""
    try:
        return session.estate().own("collectors")
    except UsageError:
        if session.estate_folder:
            raise
        return None


def _commands(own: Path | None) -> tuple[Command, ...]:
    """Return what any run may ask: with no optional question, with one, and with all."""
    from inventory.discovery.privileges import privileged_commands
    from inventory.model.collector import Collector
    from inventory.registry import Registry

    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    plugins = registry.all(own) if own else registry.all()
    every = {name: plugin.value for name, plugin in plugins.items()}
    usual = {name: each for name, each in every.items() if not each.optional}
    runs: list[Mapping[str, Collector]] = [usual, every]
    runs += [usual | {name: each} for name, each in every.items() if each.optional]
    return tuple(dict.fromkeys(each for run in runs for each in privileged_commands(run)))


COMMAND = sudoers
