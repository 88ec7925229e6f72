"""One server of the demo while it runs."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventory.errors import UnreachableError
from migrate.demo.fleet_lab import Network, run
from migrate.demo.fleet_plan import PlannedServer
from migrate.demo.fleet_services import HERE

_NAMESPACES: Final = ("--net", "--uts", "--mount", "--pid", "--ipc")


@dataclass(kw_only=True)
class RunningServer:
    """A server's process 1, seen from outside."""

    plan: PlannedServer
    process: subprocess.Popen[bytes]
    """What started it; ends when the server does."""
    pid: int
    """Number of its process 1, as the caller's own ``/proc`` has it."""
    said: bytes = b""
    """What it has said while it started."""

    @property
    def is_running(self) -> bool:
        """Whether it is switched on."""
        return self.process.poll() is None

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command line that runs a command inside the server."""
        return ["nsenter", f"--target={self.pid}", *_NAMESPACES, "--root", "--wd", "--", *command]


def start(plan: PlannedServer, seed: Path, lab: Network) -> RunningServer:
    """Start a server from its seed and plug it into the lab. It is not ready yet.

    Raises:
        UnreachableError: it did not come up.

    """
    boot = ("sh", str(HERE / "fleet_boot.sh"), str(seed), plan.address)
    unshare = ("unshare", *_NAMESPACES, "--fork", "--kill-child", "--propagation", "private")
    with (seed / "boot.log").open("wb") as log:
        process = subprocess.Popen(
            lab.enter_tied(*unshare, *boot),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            bufsize=0,
            start_new_session=True,
        )
    server = RunningServer(plan=plan, process=process, pid=0)
    try:
        server.pid = int(_await(server, seed, b"pid ", seconds=10))
        _plug_in(server, lab)
    except BaseException:
        stop(server)
        raise
    return server


def await_ready(server: RunningServer, seed: Path, seconds: float) -> None:
    """Wait until everything that the server serves listens.

    Raises:
        UnreachableError: it did not within the time; the hint holds the end of its log.

    """
    _await(server, seed, b"ready", seconds=seconds)


def stop(server: RunningServer) -> None:
    """End the server, if it still runs, and let go of what was held for it."""
    if server.is_running:
        os.kill(server.pid or server.process.pid, signal.SIGKILL)
    server.process.wait()
    if server.process.stdout:
        server.process.stdout.close()


def _plug_in(server: RunningServer, lab: Network) -> None:
    port = f"v{server.plan.address.rsplit('.', 1)[1]}"
    lines = (
        f"link add {port} type veth peer name eth0 address {server.plan.mac} netns {server.pid}",
        f"link set {port} master br0 up",
    )
    run(lab.enter("ip", "-batch", "-"), given="\n".join(lines))


def _await(server: RunningServer, seed: Path, beginning: bytes, *, seconds: float) -> bytes:
    """Read what the server says until a line with that beginning; return the line's rest."""
    deadline = time.monotonic() + seconds
    while True:
        for line in server.said.splitlines(keepends=True):
            if line.startswith(beginning) and line.endswith(b"\n"):
                return line.removeprefix(beginning).strip()
        more = _read(server, deadline - time.monotonic())
        if not more:
            raise _not_up(server, seed)
        server.said += more


def _read(server: RunningServer, seconds: float) -> bytes:
    if server.process.stdout is None:
        return b""
    with selectors.DefaultSelector() as selector:
        selector.register(server.process.stdout, selectors.EVENT_READ)
        if not selector.select(max(seconds, 0)):
            return b""
    return server.process.stdout.read(4096)


def _not_up(server: RunningServer, seed: Path) -> UnreachableError:
    log = (seed / "boot.log").read_text(encoding="utf-8", errors="replace").strip()
    return UnreachableError(
        f"the server {server.plan.name} of the demo did not come up",
        hint=f"its log ends: {log.splitlines()[-1]}" if log else "run `decant demo --embedded`",
    )
