"""How much memory a group of processes holds at its peak.

The proportional set size: a page that processes share is counted once among them. The kernel sums
it up at each look, which takes time; so memory is measured in a run of its own, never in a timed
one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.discovery.groups import Group

_EVERY_SECONDS: Final = 0.1


@dataclass
class Peak:
    """The highest sum seen so far."""

    bytes: int = 0


@contextmanager
def watched(group: Group) -> Iterator[Peak]:
    """Look at the group until the block ends, every tenth of a second."""
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(_EVERY_SECONDS):
            peak.bytes = max(peak.bytes, sum(map(_held, group.members())))

    watching = threading.Thread(target=look, daemon=True)
    watching.start()
    try:
        yield peak
    finally:
        over.set()
        watching.join()


def _held(pid: int) -> int:
    """Return what one process holds, in bytes; 0 when it has ended meanwhile."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
