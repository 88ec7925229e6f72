"""``decant`` as it is typed some days from now, each command in a process of its own.

Everything is as it is now, but the clock that evidence, waits and looks go by. As a program it
reads requests, one a line of JSON, and answers each with one. It loads the libraries once and forks
for each command: loading them takes longer than most commands do.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO, Any

import click
import jsonschema  # noqa: F401 - loaded here, so that no command has to
import paramiko  # noqa: F401 - the same
import psycopg  # noqa: F401 - the same

from inventory.session import Session
from migrate.console import decant, run
from migrate.stages import approve, decommission, plan, status, test  # noqa: F401 - the same
from migrate.workbench import ACTIONS, CHECKS, COLLECTORS


@dataclass(frozen=True, kw_only=True)
class LaterSession(Session):
    """A call of ``decant`` whose clock is ahead."""

    ahead: timedelta = field(default=timedelta())

    def now(self) -> datetime:
        """Return the time, so much later."""
        return super().now() + self.ahead


def later(days: float, words: list[str]) -> int:
    """Run one command line so many days later, and return its exit code."""
    usual = decant.callback
    assert usual is not None

    def begin(**given: Any) -> None:
        usual(**given)
        context = click.get_current_context()
        context.obj = LaterSession(**vars(context.obj), ahead=timedelta(days=days))

    decant.callback = begin
    return run(words)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Run what was asked for in a process of its own, and say how it ended."""
    with tempfile.TemporaryFile() as said:
        process = os.fork()
        if process == 0:
            _become(said, request)
        _, status_word = os.waitpid(process, 0)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    return {"code": os.waitstatus_to_exitcode(status_word), "said": text}


def _become(said: IO[bytes], request: dict[str, Any]) -> None:
    """Be the command, and never return."""
    code = 70
    try:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        os.chdir(request["folder"])
        code = later(request["days"], request["words"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Answer requests until there are no more."""
    for registry in (ACTIONS, CHECKS, COLLECTORS):
        registry.all()
    answers = sys.stdout
    for line in sys.stdin:
        answers.write(f"{json.dumps(answer(json.loads(line)))}\n")
        answers.flush()


if __name__ == "__main__":
    main()
