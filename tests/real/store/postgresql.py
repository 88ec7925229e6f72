"""A real PostgreSQL server of the tests' own, on a socket in a folder that goes away with it."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class PostgreSql:
    """A running server."""

    process: subprocess.Popen[bytes]
    folder: Path
    programs: Path
    user: str

    def database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        host = f"--host={self.folder}"
        subprocess.run(
            [self.programs / "createdb", host, f"--username={self.user}", name], check=True
        )
        return f"postgresql://{self.user}@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop it at once, and leave nothing behind."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(STOP_SECONDS)
        shutil.rmtree(self.folder)


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server that is installed."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: float(path.parts[-3]), default=None)
    on_path = shutil.which("initdb")
    return newest.parent if newest else Path(on_path).parent if on_path else None


def start(folder_of_programs: Path) -> PostgreSql:
    """Start a server; as root under another account, because PostgreSQL refuses root."""
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="decant-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, user)
    account = {"user": user} if os.getuid() == 0 else {}
    data = folder / "data"
    subprocess.run(
        [folder_of_programs / "initdb", "--no-sync", "--auth=trust", f"--username={user}", data],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **account,
    )
    process = subprocess.Popen(
        [
            folder_of_programs / "postgres",
            "-D",
            data,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-F",
        ],
        cwd=folder,
        stderr=subprocess.DEVNULL,
        **account,
    )
    server = PostgreSql(process=process, folder=folder, programs=folder_of_programs, user=user)
    _wait(server)
    return server


def _user() -> str:
    if os.getuid() != 0:
        return getpass.getuser()
    accounts = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


def _wait(server: PostgreSql) -> None:
    ready = [server.programs / "pg_isready", "--quiet", f"--host={server.folder}"]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False).returncode:
        if time.monotonic() > deadline or server.process.poll() is not None:
            server.stop()
            raise TimeoutError("PostgreSQL does not start")
        time.sleep(0.05)
