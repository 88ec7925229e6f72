"""Sleeps that are told from every other on the machine, and whether they have ended.

Tests of another checkout, or of another process of this run, sleep beside them.
"""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path

LONGEST_SECONDS = 30
"""How long the system may take to end what it was told to end."""
_NUMBERS = count()


def own_seconds() -> int:
    """Return for how long to sleep: far longer than any test, and as no other process does.

    It fits into 31 bits, which some shells count in.
    """
    return (os.getpid() + 100) * 100 + next(_NUMBERS) % 100


def ended(seconds: int) -> bool:
    """Tell whether no process sleeps for so long, once the system has had its moment."""
    command = f"sleep\0{seconds}\0".encode()
    until = time.monotonic() + LONGEST_SECONDS
    while any(command in _read(file) for file in Path("/proc").glob("[0-9]*/cmdline")):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
