"""The raised estate, asked by Decant as a user asks it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from estate.lab import Lab

_SECONDS: Final = 120


@dataclass(frozen=True, kw_only=True)
class Discovered:
    """An estate folder after one run of ``decant discover``."""

    lab: Lab
    folder: Path
    run: subprocess.CompletedProcess[str]
    """How the run ended."""

    def decant(self, *arguments: str) -> str:
        """Return what a command of Decant prints."""
        said = _decant(self.lab, self.folder, *arguments)
        assert said.returncode == 0, said.stderr
        return said.stdout


def discover(lab: Lab, folder: Path) -> Discovered:
    """Ask every server of the lab once, from within its network."""
    made = _decant(lab, folder, "init", str(folder))
    assert made.returncode == 0, made.stderr
    targets = [f"ssh://root@{each.address}" for each in lab.definition.servers]
    options = ("--identity", str(lab.key), "--known-hosts", str(lab.known_hosts))
    run = _decant(lab, folder, "discover", "--ssh-config", "none", *options, *targets)
    return Discovered(lab=lab, folder=folder, run=run)


def _decant(lab: Lab, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "migrate", "--estate", str(folder), *arguments)
    return lab.run(command, timeout=_SECONDS)
