"""A collector's script, made to look below a folder of the test's own instead of at this server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def said_below(folder: Path, script: str, *, awk: str = "awk", sudo: bool = False) -> str:
    """Run a script whose absolute paths are moved below ``folder``, with one kind of awk.

    What is run by privilege is run as it is. Paths in the answer are those of a real server. The
    tools may complain of what is not there, and of nothing else.
    """
    if shutil.which(awk.split(maxsplit=1)[0]) is None:
        pytest.skip(f"{awk} is not installed")
    for top in ("etc", "root", "home", "opt", "var", "usr"):
        for before in (" ", "'", "\n"):
            script = script.replace(f"{before}/{top}/", f"{before}{folder}/{top}/")
        script = script.replace(f" /{top} ", f" {folder}/{top} ")
    before = 'privileged() { "$@"; }\n' + f'awk() {{ {awk} "$@"; }}\nSUDO={"1" if sudo else ""}\n'
    done = subprocess.run(
        ["sh", "-c", before + script],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert [line for line in done.stderr.splitlines() if "No such file" not in line] == []
    return done.stdout.replace(str(folder), "")
