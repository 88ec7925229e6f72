"""Whoever types ``decant`` in the lab's network, at whatever time it is there."""

from __future__ import annotations

import json
import os
import selectors
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from estate.lab import Lab

from migration.transcript import Step

_SECONDS: Final = 240
_FOLDERS: Final = (Path(__file__).parents[1], Path(__file__).parents[3])
"""Where Python finds this package, and the project."""


@dataclass(frozen=True, kw_only=True)
class Typist:
    """A process that runs one command after the other."""

    process: subprocess.Popen[str]

    def types(self, line: str, folder: Path, days: float) -> Step:
        """Run a command line in a folder, so many days from now; return what came back.

        Raises:
            TimeoutError: it took longer than anything here should.

        """
        given = {"folder": str(folder), "days": days, "words": shlex.split(line)}
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        stdin.write(f"{json.dumps(given)}\n")
        stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            if not selector.select(_SECONDS):
                raise TimeoutError(f"decant {line} took longer than {_SECONDS} s")
        said = json.loads(stdout.readline())
        return Step(command=f"decant {line}", code=said["code"], said=said["said"])


@contextmanager
def typist(lab: Lab, home: Path, **environment: str) -> Iterator[Typist]:
    """Start one, in a bare environment and whatever is given; it ends with the block."""
    with subprocess.Popen(
        lab.network.enter(sys.executable, "-m", "migration.later"),
        env={**_bare(os.environ), "HOME": str(home), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Typist(process=process)
        finally:
            process.kill()


def _bare(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: text
        for name, text in environment.items()
        if not name.startswith(("DECANT_", "AWS_", "AZURE_", "SSH_"))
    }
    return {**kept, "COLUMNS": "100", "PYTHONPATH": os.pathsep.join(map(str, _FOLDERS))}
