"""A real MariaDB server of the tests' own, on a socket in a folder that goes away with it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class MariaDb:
    """A running server."""

    process: subprocess.Popen[bytes]
    folder: Path

    def url(self, database: str, user: str = "root") -> str:
        """Return the URL of a database."""
        return f"mysql://{user}@/{database}?socket={self.folder}/sock"

    def stop(self) -> None:
        """Stop it at once, and leave nothing behind."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)
        shutil.rmtree(self.folder)


def programs() -> tuple[str, str] | None:
    """Return the programs that make and run a server; None when they are not installed."""
    path = f"/usr/sbin:{os.environ.get('PATH', '')}"
    make, run = shutil.which("mariadb-install-db", path=path), shutil.which("mariadbd", path=path)
    return (make, run) if make and run else None


def start(make: str, run: str) -> MariaDb:
    """Start a server; as root under another account."""
    folder = Path(tempfile.mkdtemp(prefix="decant-maria-"))
    names = {each.pw_name for each in pwd.getpwall()}
    user = ("mysql" if "mysql" in names else "nobody") if os.getuid() == 0 else ""
    account = [f"--user={user}"] if user else []
    if user:
        shutil.chown(folder, user)
    subprocess.run(
        [
            make,
            "--no-defaults",
            *account,
            f"--datadir={folder}/data",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    process = subprocess.Popen(
        [
            run,
            "--no-defaults",
            *account,
            f"--datadir={folder}/data",
            f"--socket={folder}/sock",
            f"--pid-file={folder}/pid",
            "--skip-networking",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=32M",
            "--innodb-stats-persistent=0",
            "--innodb-stats-auto-recalc=0",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = MariaDb(process=process, folder=folder)
    _wait(server)
    return server


def _wait(server: MariaDb) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(server):
        if time.monotonic() > deadline or server.process.poll() is not None:
            server.stop()
            raise TimeoutError("MariaDB does not start")
        time.sleep(0.1)


def _answers(server: MariaDb) -> bool:
    with socket.socket(socket.AF_UNIX) as knocking:
        try:
            knocking.connect(f"{server.folder}/sock")
        except OSError:
            return False
    return True
