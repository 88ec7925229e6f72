"""Control groups: the processor time of everything that ran in one, to the microsecond.

A process stays in its group with all that it starts, whoever its parent is; the kernel counts
their time also after they have ended, which no look at ``/proc`` does.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from inventory.errors import BadInputError

_END_SECONDS: Final = 5


@cache
def group_root() -> Path:
    """Return where groups are made: cgroup version 2, or version 1's cpuacct on older systems.

    Raises:
        BadInputError: this machine has neither.

    """
    found = {}
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, folder, kind, options, *_ = line.split()
        if kind == "cgroup2" or (kind == "cgroup" and "cpuacct" in options.split(",")):
            found[kind] = Path(folder)
    for kind in ("cgroup2", "cgroup"):
        if kind in found:
            return found[kind]
    raise BadInputError(
        "this machine has no control groups: the time of servers and clients cannot be told apart",
        hint="mount cgroup2 at /sys/fs/cgroup",
    )


@dataclass(frozen=True)
class Group:
    """One control group; ``make`` it first and ``remove`` it at the end."""

    path: Path

    def make(self) -> None:
        """Make it.

        Raises:
            BadInputError: groups cannot be made here.

        """
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise BadInputError(
                f"the control group {self.path} cannot be made: {error.strerror}",
                hint="run this where /sys/fs/cgroup can be written",
            ) from error

    def entering(self, command: Sequence[str]) -> list[str]:
        """Return a command line that runs ``command`` in this group."""
        enter = 'echo 0 >"$0/cgroup.procs" && exec "$@"'
        return ["sh", "-c", enter, str(self.path), *command]

    def seconds(self) -> float:
        """Return the processor time used so far by all that ever ran in it."""
        with suppress(FileNotFoundError):
            return int((self.path / "cpuacct.usage").read_text()) / 1e9
        words = (self.path / "cpu.stat").read_text().split()
        return int(words[words.index("usage_usec") + 1]) / 1e6

    def members(self) -> list[int]:
        """Return the processes that are in it, as they are numbered here."""
        return [int(pid) for pid in (self.path / "cgroup.procs").read_text().split()]

    def end(self) -> None:
        """Kill all that runs in it."""
        for pid in self.members():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def remove(self) -> None:
        """End what still runs in it, and remove it; nothing happens when it is not there."""
        deadline = time.monotonic() + _END_SECONDS
        while self.path.is_dir() and time.monotonic() < deadline:
            with suppress(OSError):
                self.end()
                self.path.rmdir()
                return
            time.sleep(0.05)
