"""Control groups of the estate's servers, which vanish with whoever made them."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_JANITOR: Final = """
read -r _
for _ in $(seq 100); do
    find "$1" -depth -type d -exec rmdir {} \\; 2>/dev/null
    [ -d "$1" ] || exit 0
    sleep 0.1
done
"""
"""Waits until its input ends, when we close it or die; then takes the groups away, empty by then
or within ten seconds."""


def parent() -> Path | None:
    """Return the folder of this process's own group in the second hierarchy; None without one."""
    mounted = [
        line.split()[1]
        for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
        if line.split()[2] == "cgroup2"
    ]
    own = [
        line.removeprefix("0::/")
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        if line.startswith("0::/")
    ]
    return Path(mounted[0]) / own[0] if mounted and own else None


def why_not() -> str | None:
    """Return why no group can be made here; None when one can."""
    folder = parent()
    if folder is None:
        return "no control groups of version 2 are mounted"
    trial = folder / f"decant-trial-{os.getpid()}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError as error:
        return f"no control group can be made: {error.strerror}"
    return None


@contextmanager
def group() -> Iterator[Path]:
    """Make a group, and take it away at the end with all that are in it."""
    folder = parent()
    if folder is None:
        raise RuntimeError(why_not())
    made = folder / f"decant-estate-{uuid.uuid4().hex[:12]}"
    with subprocess.Popen(
        ["sh", "-c", _JANITOR, "janitor", str(made)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    ) as janitor:
        made.mkdir()
        try:
            yield made
        finally:
            if janitor.stdin:
                janitor.stdin.close()
            janitor.wait(timeout=15)
