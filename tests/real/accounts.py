"""A real OpenSSH server with an account of the test's own, in a mount namespace of its own.

The machine's files of accounts are covered in that namespace alone, so that nothing of the machine
changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "asker"
_UID = 61234


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account that only processes of the namespace know."""

    folder: Path
    """Readable for everybody, as the machine's own folders are."""
    within: tuple[str, ...]
    """The words that start a command where the account is."""

    @property
    def home(self) -> Path:
        """Its home."""
        return self.folder / "home"


def missing() -> str:
    """Return why there can be none here; empty when there can."""
    if os.geteuid() != 0:
        return "needs root"
    tried = subprocess.run(
        ["unshare", "-m", "mount", "--bind", "/etc/passwd", "/etc/passwd"],
        capture_output=True,
        check=False,
    )
    return "" if tried.returncode == 0 else "needs mount namespaces"


def make_account(
    folder: Path,
    *,
    password: str = "",
    shell: str = "/bin/sh",
    covered: dict[str, str] | None = None,
) -> Account:
    """Make it; ``covered`` are further files of the machine, by path, and what they hold there."""
    folder.chmod(0o755)
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, _UID, _UID)
    said = subprocess.run(
        ["openssl", "passwd", "-6", "-stdin"],
        input=password or os.urandom(16).hex(),
        capture_output=True,
        text=True,
        check=True,
    )
    files = {
        "/etc/passwd": f"{_lines('passwd')}{NAME}:x:{_UID}:{_UID}::{home}:{shell}\n",
        "/etc/group": f"{_lines('group')}{NAME}:x:{_UID}:\n",
        "/etc/shadow": f"{_lines('shadow')}{NAME}:{said.stdout.strip()}:19000:0:99999:7:::\n",
        **(covered or {}),
    }
    script = ""
    for number, (path, text) in enumerate(files.items()):
        cover = folder / f"covered-{number}"
        cover.write_text(text)
        shutil.copystat(path, cover)
        os.chown(cover, 0, Path(path).stat().st_gid)
        script += f"mount --bind {cover} {path} && "
    return Account(folder=folder, within=("unshare", "-m", "sh", "-c", f'{script} exec "$@"', "sh"))


def _lines(name: str) -> str:
    kept = [line for line in Path(f"/etc/{name}").read_text().splitlines() if line]
    return "".join(f"{line}\n" for line in kept if not line.startswith(f"{NAME}:"))
