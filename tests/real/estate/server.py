"""One server of the estate while it runs."""

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

from estate.definition import HERE, Declared, Init
from migrate.demo.fleet_lab import Network, run

_NAMESPACES: Final = ("--net", "--uts", "--mount", "--pid", "--ipc", "--cgroup")
_JOIN: Final = 'echo 0 >"$1/cgroup.procs" && shift && exec "$@"'
_BOOT_SECONDS: Final = 20
_FIRST: Final = {
    Init.SYSTEMD: ("/lib/systemd/systemd", "--show-status=0"),
    Init.SYSVINIT: ("/sbin/init",),
    Init.OPENRC: ("/sbin/init",),
    Init.BUSYBOX: ("/bin/busybox", "init"),
}
"""What process 1 is."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a server starts from."""

    root: Path
    init: Init
    seed: Path
    """Folder of what lies over the root."""
    control_group: Path
    """Made when it starts."""


@dataclass(kw_only=True)
class RunningServer:
    """A server's process 1, seen from outside."""

    declared: Declared
    process: subprocess.Popen[bytes]
    """What started it; ends when the server does."""
    pid: int = 0
    """Number of its process 1, as the caller's own ``/proc`` has it; 0 until it said so."""
    log: Path
    """What it said on its way to process 1."""

    @property
    def is_running(self) -> bool:
        """Whether its process 1 is there."""
        return self.process.poll() is None

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command line that runs a command inside the server."""
        return ["nsenter", f"--target={self.pid}", *_NAMESPACES, "--root", "--wd", "--", *command]

    def stop(self) -> None:
        """End the server and everything in it, if it still runs."""
        if self.is_running:
            os.kill(self.pid or self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        if self.process.stdout:
            self.process.stdout.close()


def start(declared: Declared, ground: Ground, lab: Network) -> RunningServer:
    """Start a server and plug it in; its services come later.

    Raises:
        RuntimeError: it did not start; the message is what it said.

    """
    ground.control_group.mkdir()
    log = ground.seed / "boot.log"
    boot = ("sh", str(HERE / "boot.sh"), str(ground.root), str(ground.seed), declared.address)
    unshare = ("unshare", *_NAMESPACES, "--fork", "--kill-child", "--propagation", "private")
    with log.open("wb") as out:
        process = subprocess.Popen(
            lab.enter_tied(
                *("sh", "-c", _JOIN, "join", str(ground.control_group)),
                *(*unshare, *boot, *_FIRST[ground.init]),
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=out,
            bufsize=0,
            start_new_session=True,
        )
    server = RunningServer(declared=declared, process=process, log=log)
    try:
        server.pid = _said_pid(process, log)
        _plug_in(server, lab)
    except BaseException:
        server.stop()
        raise
    return server


def _plug_in(server: RunningServer, lab: Network) -> None:
    number = int(server.declared.address.rsplit(".", 1)[1])
    mac = f"02:00:0a:4d:01:{number:02x}"
    lines = (
        f"link add v{number} type veth peer name eth0 address {mac} netns {server.pid}",
        f"link set v{number} master br0 up",
    )
    run(lab.enter("ip", "-batch", "-"), given="\n".join(lines))


def _said_pid(process: subprocess.Popen[bytes], log: Path) -> int:
    said, deadline = b"", time.monotonic() + _BOOT_SECONDS
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not said.endswith(b"\n"):
            more = selector.select(deadline - time.monotonic()) and process.stdout.read(100)
            if not more:
                raise RuntimeError(f"a server did not start: {log.read_text(errors='replace')}")
            said += more
    return int(said.removeprefix(b"pid "))
