"""Record what the demo's real servers say, for the embedded ones.

``python -m migrate.demo.record``, to be run as root, whenever a collector asks something new that
the demo should show.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from inventory.discovery.run import ask_all
from inventory.errors import UnreachableError
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.target import Target
from inventory.registry import Registry
from migrate.demo.fleet_plan import SERVERS
from migrate.demo.world import World
from migrate.demo.world_embedded import recording
from migrate.demo.world_fleet import fleet_world

_ASKED: Final = (
    "boot", "configuration", "cpu", "data-stores", "disks", "filesystems", "fqdn", "identity",
    "interfaces", "memory", "nginx", "os", "packages", "postgresql", "privilege", "processes",
    "python", "services", "sockets", "virtualisation",
)  # fmt: skip
"""What the demo shows. Other questions would tell of the machine, and not of its servers."""
_RELEASE: Final = b"6.1.0-37-amd64"


def main() -> None:
    """Raise the fleet and write every recording anew."""
    with (
        tempfile.TemporaryDirectory(prefix="decant-record-") as folder,
        fleet_world(Path(folder)) as world,
    ):
        for server in SERVERS:
            if server.running:
                _record(world, server.name, server.name)
        world.visitors_leave()
        _record(world, "web-1", "web-1.quiet")
        world.application_moves_cache()
        _record(world, "cache-1", "cache-1.quiet")
        world.somebody_changes()
        _record(world, "cache-1-new", "cache-1-new.changed")


def _record(world: World, server: str, name: str) -> None:
    asking = [sys.executable, "-m", "migrate.demo.record", world.targets[server]]
    asked = subprocess.run(
        world.command([*asking, str(world.key), str(world.known_hosts)]),
        capture_output=True,
        timeout=60,
        check=False,
    )
    if asked.returncode:
        raise UnreachableError(f"{server} did not answer: {asked.stderr.decode().strip()}")
    recording(name).write_bytes(asked.stdout)
    sys.stdout.write(f"{recording(name)}: {len(asked.stdout)} bytes\n")


def answer(target: str, key: str, known_hosts: str) -> None:
    """Ask one server, from where it can be reached, and write its raw answer."""
    collectors = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    access = Access(identities=(Path(key),), use_agent=False, known_hosts=(Path(known_hosts),))
    for visit in ask_all(
        [Target.parse(target)],
        collectors={name: collectors.one(name) for name in _ASKED},
        access=access,
        limits=Limits(),
        run_id="recording",
    ):
        if visit.unreachable:
            raise UnreachableError(str(visit.unreachable))
        sys.stdout.buffer.write(neutral(visit.raw))


def neutral(said: bytes) -> bytes:
    """Return an answer without what it tells of the machine that lends the servers its kernel."""
    release = os.uname().release.encode()
    said = said.replace(os.uname().version.encode(), b"#1 SMP PREEMPT_DYNAMIC Debian 6.1.137-1")
    said = re.sub(rb"Linux version [^\n]*", b"Linux version " + _RELEASE, said)
    said = re.sub(rb"(@@ command\n)[^@]*", rb"\1root=/dev/vda1\nro\nquiet\n", said)
    return said.replace(release, _RELEASE)


if __name__ == "__main__":
    answer(*sys.argv[1:]) if sys.argv[1:] else main()
