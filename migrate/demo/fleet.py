"""The demo's servers, each in namespaces of its own, with a real OpenSSH server and services.

They share one network that nothing outside can reach, and they live in memory: when the ``with``
block ends, or the process that opened it dies in whatever way, nothing of them is left.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from migrate.demo.fleet_keys import make_key, write_private
from migrate.demo.fleet_lab import Network, network
from migrate.demo.fleet_plan import SERVERS, PlannedServer
from migrate.demo.fleet_seed import write_seed
from migrate.demo.fleet_server import RunningServer, await_ready, start, stop
from migrate.demo.fleet_services import software

READY_SECONDS: Final = 45
"""How long one server may take, on a busy machine."""


@dataclass(frozen=True, kw_only=True)
class Lab:
    """The raised fleet."""

    servers: Mapping[str, PlannedServer]
    """Every server by its name, the one that is switched off too."""
    running: Mapping[str, RunningServer]
    """Those that were started."""
    network: Network
    key: Path
    """Private key that logs in as root on every server."""
    known_hosts: Path

    def command(self, argv: Sequence[str]) -> list[str]:
        """Return the command line that runs ``argv`` of this machine in the lab's network."""
        return self.network.enter(*argv)

    def run(self, argv: Sequence[str], *, timeout: float = 30) -> subprocess.CompletedProcess[str]:
        """Run a command of this machine in the lab's network, and return how it ended."""
        return _run(self.command(argv), timeout)

    def exec(
        self, name: str, argv: Sequence[str], *, timeout: float = 30
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside a server, and return how it ended."""
        return _run(self.running[name].command(argv), timeout)


@contextmanager
def fleet(
    folder: Path, only: Iterable[str] | None = None, *, stand_ins: bool = False
) -> Iterator[Lab]:
    """Raise the demo's servers; ``folder`` takes their keys and seeds while they run.

    ``only`` names those to start; by default, all that are not meant to be switched off. With
    ``stand_ins`` they run stand-ins even for software that is installed.

    Raises:
        MissingExtraError: namespaces cannot be had here.
        UnreachableError: a server did not come up.

    """
    with network() as lab, fleet_in(lab, folder, only, stand_ins=stand_ins) as raised:
        yield raised


@contextmanager
def fleet_in(
    lab: Network, folder: Path, only: Iterable[str] | None = None, *, stand_ins: bool = False
) -> Iterator[Lab]:
    """Do what :func:`fleet` does, in a network that is there already."""
    wanted = set(only) if only is not None else {each.name for each in SERVERS if each.running}
    seeds = folder / "seeds"
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, seeds, ignore_errors=True)
        key, known_hosts = _write_seeds(folder, seeds, stand_ins=stand_ins)
        running: dict[str, RunningServer] = {}
        for plan in (each for each in SERVERS if each.name in wanted):
            running[plan.name] = start(plan, seeds / plan.name, lab)
            stack.callback(stop, running[plan.name])
        for name, server in running.items():
            await_ready(server, seeds / name, READY_SECONDS)
        yield Lab(
            servers={each.name: each for each in SERVERS},
            running=running,
            network=lab,
            key=key,
            known_hosts=known_hosts,
        )


def _write_seeds(folder: Path, seeds: Path, *, stand_ins: bool) -> tuple[Path, Path]:
    """Write each server's seed; return the files of the visitor's key and the known hosts."""
    visitor, key, known_hosts = make_key(), folder / "key", folder / "known_hosts"
    seeds.mkdir(mode=0o700)
    write_private(key, visitor)
    lines = []
    for server in SERVERS:
        host_key = make_key()
        runs = software(server.role, stand_in=stand_ins)
        write_seed(seeds / server.name, server, runs, host_key, visitor)
        lines.append(f"{server.address} {host_key.public}\n")
    known_hosts.write_text("".join(lines), encoding="utf-8")
    return key, known_hosts


def _run(command: Sequence[str], timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
