"""Where this machine gets Debian's packages, as its own apt is set up."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

_FORMAT: Final = "$(REPO_URI)|$(ORIGIN)|$(LABEL)"
_HELPER: Final = "/usr/lib/apt/apt-helper"
_SECONDS: Final = 60


def mirror() -> str | None:
    """Return the address of Debian's archive; None when apt has none.

    Where apt has not fetched its lists, it does not know whose archive an address is: then the
    address tells by its last word.
    """
    if not shutil.which("apt-get"):
        return None
    said = _run("apt-get", "indextargets", "--format", _FORMAT, "Created-By: Packages")
    targets = [line.split("|") for line in said.stdout.splitlines()]
    for address, origin, label in targets:
        if (origin, label) == ("Debian", "Debian"):
            return address.rstrip("/")
    addresses = (address.rstrip("/") for address, *_ in targets)
    return next((each for each in addresses if each.endswith("/debian")), None)


def why_not_reached(address: str) -> str | None:
    """Fetch one small file as apt would, by its proxy and keys; return why it failed, or None."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{address}/dists/bookworm/Release.gpg"
        said = _run(_HELPER, "download-file", wanted, str(Path(folder) / "file"))
    if said.returncode == 0:
        return None
    lines = (said.stderr or said.stdout).strip().splitlines()
    return f"{address} cannot be reached: {lines[-1] if lines else 'no reason given'}"


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
