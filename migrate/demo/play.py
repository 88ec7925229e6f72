"""Plays the demo's script: types each command, passes on what it says, and judges how it ended."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import BadInputError, DecantError
from migrate.demo.steps import Happen, Look, Step, Type
from migrate.demo.telling import Telling
from migrate.demo.terminal import run_on_terminal
from migrate.demo.world import World

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class NotAsItMustBeError(DecantError):
    """A step of the demo did not end as it must."""

    exit_code = 1


@dataclass(frozen=True, kw_only=True)
class Player:
    """What playing needs."""

    world: World
    estate: Path
    """The demo's estate folder, in which every command is typed."""
    telling: Telling
    program: Path
    """The program that users type as ``decant``."""

    def play(self, steps: Sequence[Step]) -> None:
        """Play every step.

        Raises:
            NotAsItMustBeError: a command or a look was not as it must be; names the step.

        """
        for number, step in enumerate(steps, start=1):
            self.telling.step(number, len(steps), step.title, step.why)
            for part in step.parts:
                fault = self._part(part)
                if fault:
                    self.telling.wrong(fault)
                    raise NotAsItMustBeError(
                        f"step {number} of the demo, {step.title!r}, went wrong: {fault}",
                        hint=f"the estate is kept for a look: {self.estate}",
                    )

    def _part(self, part: Type | Happen | Look) -> str | None:
        if isinstance(part, Type):
            return self._type(part)
        if isinstance(part, Happen):
            self.telling.happened(part.what)
            part.act()
            return None
        if not part.is_so():
            return f"this is not so: {part.what}"
        self.telling.seen(part.what)
        return None

    def _type(self, typed: Type) -> str | None:
        self.telling.command(("decant", *typed.line))
        began = time.monotonic()
        code, said = self._run([str(self.program), *typed.line])
        self.telling.ended(code, time.monotonic() - began)
        if code != typed.ends_with:
            return f"it ended with exit code {code}, and must end with {typed.ends_with}"
        missing = [words for words in typed.says if words not in said]
        return f"it does not say: {', '.join(missing)}" if missing else None

    def _run(self, command: list[str]) -> tuple[int, str]:
        said: list[str] = []

        def on_text(text: str) -> None:
            plain = _COLOUR.sub("", text)
            said.append(plain)
            self.telling.output(text if self.telling.in_colour else plain)

        code = run_on_terminal(
            self.world.command(command),
            columns=self.telling.columns,
            folder=self.estate,
            environment=self._environment(),
            on_text=on_text,
        )
        return code, "".join(said)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "AZURE_", "DECANT_", "SSH_"))
        }
        columns = str(self.telling.columns)  # a dumb terminal is else taken to have 80
        plain = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": columns, "LINES": "50"}
        plain = {} if self.telling.in_colour else plain
        return {**kept, **plain, **self.world.clouds.environment}


def decant() -> Path:
    """Return the program that users type, of the installation that this is part of.

    Raises:
        BadInputError: it is not there.

    """
    program = Path(sys.executable).with_name("decant")
    if not program.exists():
        raise BadInputError(
            f"there is no {program}", hint="install Decant: pip install -e '.[demo]'"
        )
    return program
