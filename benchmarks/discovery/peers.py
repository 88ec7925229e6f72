"""The peers' own Python environment, made once and kept beside other caches, never in ours."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from inventory.errors import BadInputError

_WANTED: Final = Path(__file__).with_name("peers.txt")


def cache_folder() -> Path:
    """Return where benchmarks keep what is slow to make."""
    root = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    return root / "decant-benchmarks"


def peers_folder() -> Path:
    """Return where the peers of exactly these versions are, or will be."""
    wanted = _WANTED.read_bytes() + sys.version.encode()
    return cache_folder() / f"peers-{hashlib.sha256(wanted).hexdigest()[:12]}"


def peers_wanted() -> list[str]:
    """Return the peers with their versions, as ``name==version``."""
    return _WANTED.read_text(encoding="ascii").split()


def peer(program: str) -> str:
    """Return the path of a peer's program; ``python`` is the interpreter that can import them."""
    return str(peers_folder() / "bin" / program)


def install_peers() -> None:
    """Install what ``peers.txt`` names, unless that was done before. Needs a package index.

    Raises:
        BadInputError: they cannot be installed.

    """
    if (peers_folder() / "ready").exists():
        return
    folder = str(peers_folder())
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run(
            [
                peer("python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                str(_WANTED),
            ],
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise BadInputError(
            f"the peers cannot be installed into {folder}: {error}",
            hint="is a package index reachable? or leave them out with --only",
        ) from error
    (peers_folder() / "ready").touch()
