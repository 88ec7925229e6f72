"""Record what the demo's real servers say, for the embedded ones.

``python -m migrate.demo.record``, to be run as root, whenever a collector asks something new that
the demo should show.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from inventory.discovery.compose import compose
from inventory.errors import UnreachableError
from inventory.model.asking import Limits
from inventory.model.collector import Collector
from inventory.registry import Registry
from migrate.demo.fleet_plan import SERVERS
from migrate.demo.world import World
from migrate.demo.world_embedded import recording
from migrate.demo.world_fleet import fleet_world


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
    ssh = ("ssh", "-F", "none", "-i", str(world.key), "-o", "BatchMode=yes")
    trust = ("-o", f"UserKnownHostsFile={world.known_hosts}")
    asked = subprocess.run(
        world.command([*ssh, *trust, world.targets[server], "sh", "-s"]),
        input=_script().encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    if asked.returncode:
        raise UnreachableError(f"{server} did not answer: {asked.stderr.decode().strip()}")
    recording(name).write_bytes(asked.stdout)
    sys.stdout.write(f"{recording(name)}: {len(asked.stdout)} bytes\n")


def _script() -> str:
    collectors = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    questions = {name: plugin.value.script for name, plugin in collectors.all().items()}
    return compose(
        questions, token=secrets.token_hex(16), question_seconds=Limits().question_seconds
    )


if __name__ == "__main__":
    main()
