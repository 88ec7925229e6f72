"""What a person at a terminal sees of one command."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Return the lines on standard output."""
        return self.out.splitlines()

    def json(self) -> Any:
        """Read standard output as JSON."""
        return json.loads(self.out)


Decant = Callable[..., Said]


def on_terminal(columns: int, *words: str) -> str:
    """Run Python with these words on a terminal so wide, and return what stands on it then."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, *words], stdout=theirs, env=environment, stdin=subprocess.DEVNULL
    ) as process:
        process.wait(60)
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as end:
        said = end.read(100_000).decode().replace("\r\n", "\n")
    return re.sub(r"\x1b\[[0-9;]*m", "", said)
