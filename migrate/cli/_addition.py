"""One more option for a command of the inventory, which itself knows nothing of migration."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, kw_only=True)
class Addition:
    """A flag, and what the command does when it is given."""

    flag: str
    """``--why-size``."""
    help: str
    run: Callable[..., None]
    """Called with the session and the command's own parameters, in place of the command."""

    @property
    def parameter(self) -> str:
        """Return what click calls the flag's value."""
        return self.flag.lstrip("-").replace("-", "_")


def with_addition(command: click.Command, addition: Addition) -> click.Command:
    """Return a command that has one option more; the one that is given stays as it is."""
    usual = command.callback
    if usual is None:
        return command

    @click.pass_obj
    def run(session: object, /, **given: Any) -> Any:
        asked = given.pop(addition.parameter)
        return addition.run(session, **given) if asked else usual(**given)

    whole = copy.copy(command)
    option = click.Option([addition.flag], is_flag=True, help=addition.help)
    whole.params = [*command.params[:-1], option, *command.params[-1:]]
    whole.callback = run
    return whole
