"""The whole estate, raised: every server, the network between them and the world outside.

When the ``with`` block ends, or the process that opened it dies in whatever way, nothing is left.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from estate.cgroups import group
from estate.definition import HERE, Declared, Definition, Link
from estate.kernel import Sockets, sockets
from estate.roots import roots
from estate.seed import write_seed
from estate.server import Ground, RunningServer, start
from migrate.demo.fleet_keys import make_key, write_private
from migrate.demo.fleet_lab import Network, network, run
from migrate.demo.fleet_plan import GATEWAY

READY_SECONDS: Final = 90
"""How long all may take until everything listens and is connected, on a busy machine."""
_OUTSIDE: Final = ("10.77.0.98", "10.77.0.99")


@dataclass(frozen=True, kw_only=True)
class Lab:
    """The raised estate."""

    definition: Definition
    running: Mapping[str, RunningServer]
    network: Network
    control_group: Path
    key: Path
    """Private key that logs in as root on every server."""
    known_hosts: Path
    raised_seconds: float
    """How long it took from the first start to the last connection, roots not counted."""

    def sockets(self, name: str) -> Sockets:
        """Return what the kernel says of a server's sockets."""
        return sockets(self.running[name].pid)

    def run(
        self, command: Sequence[str], *, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of this machine in the lab's network, and return how it ended."""
        return _run(self.network.enter(*command), timeout)

    def exec(
        self, name: str, command: Sequence[str], *, timeout: float = 30
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside a server, and return how it ended."""
        return _run(self.running[name].command(command), timeout)


@contextmanager
def raised(
    estate: Definition, folder: Path, *, ready_seconds: float = READY_SECONDS
) -> Iterator[Lab]:
    """Raise every server of an estate; ``folder`` takes their keys and seeds while they run.

    For one server of a release, that has nothing but SSH::

        with raised(definition().alone("debian-12"), tmp_path) as lab:
            lab.exec("debian-12", ["uname", "-a"])

    Raises:
        NoRootError: their roots cannot be had here.
        RuntimeError: a server did not start, or does not do what is declared of it.

    """
    made = roots(each.root for each in estate.servers)
    with ExitStack() as stack:
        lab = stack.enter_context(network())
        control_group = stack.enter_context(group())
        seeds = folder / "seeds"
        stack.callback(shutil.rmtree, seeds, ignore_errors=True)
        _write_seeds(estate, folder, seeds)
        stack.callback(_end, _outside(lab))
        began, running = time.monotonic(), {}
        for each in estate.servers:
            ground = Ground(
                root=made[each.root],
                init=estate.roots[each.root].init,
                seed=seeds / each.name,
                control_group=control_group / each.name,
            )
            running[each.name] = start(each, ground, lab)
            stack.callback(running[each.name].stop)
        _await_all(estate, running, ready_seconds)
        yield Lab(
            definition=estate,
            running=running,
            network=lab,
            control_group=control_group,
            key=folder / "key",
            known_hosts=folder / "known_hosts",
            raised_seconds=time.monotonic() - began,
        )


def lacking(
    server: Declared, links: Sequence[Link], names: Mapping[str, str], said: Sockets
) -> str:
    """Return what a server lacks of its declaration, in words; nothing when it is all there.

    ``names`` holds the addresses of the servers by their names. What the visit that asks is to
    bring about is not waited for.
    """
    missing = [f"does not listen on {port}" for port in sorted(server.ports - said.listening)]
    for link in links:
        if link.client == server.name:
            far = (names.get(link.server, link.server), int(link.port.partition("/")[0]))
            if not any(each[2:] == far for each in said.connected):
                missing.append(f"is not connected to {link.server} {link.port}")
        elif link.server == server.name and link.client != GATEWAY and link.client not in names:
            near = (server.address, int(link.port.partition("/")[0]))
            if not any(each[:3] == (*near, link.client) for each in said.connected):
                missing.append(f"is not visited from {link.client}")
    return "; ".join(f"{server.name} {each}" for each in missing)


def _write_seeds(estate: Definition, folder: Path, seeds: Path) -> None:
    """Write each server's seed, the visitor's key and the known hosts."""
    visitor, lines = make_key(), []
    seeds.mkdir(mode=0o700)
    write_private(folder / "key", visitor)
    for server in estate.servers:
        host_key = make_key()
        write_seed(seeds / server.name, server, estate, host_key, visitor)
        lines.append(f"{server.address} {host_key.public}\n")
    (folder / "known_hosts").write_text("".join(lines), encoding="utf-8")


def _outside(lab: Network) -> subprocess.Popen[bytes]:
    lines = "\n".join(f"address add {address}/32 dev br0" for address in _OUTSIDE)
    run(lab.enter("ip", "-batch", "-"), given=lines)
    return subprocess.Popen(
        lab.enter_tied(sys.executable, "-S", str(HERE / "outside.py")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(timeout=10)


def _await_all(estate: Definition, running: Mapping[str, RunningServer], seconds: float) -> None:
    names = {each.name: each.address for each in estate.servers}

    def missing() -> list[str]:
        told = []
        for name, server in running.items():
            if not server.is_running:
                raise RuntimeError(f"{name} ended: {server.log.read_text(errors='replace')}")
            told.append(lacking(server.declared, estate.links, names, sockets(server.pid)))
        return [each for each in told if each]

    _await(missing, seconds)


def _await(missing: Callable[[], list[str]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left := missing():
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {seconds:.0f} s: {'; '.join(left)}")
        time.sleep(0.2)


def _run(command: Sequence[str], timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
