"""What the contender pyinfra runs, in the peers' own environment: 18 facts from every server.

Called with a settings file (JSON: addresses, port, key, known_hosts, at_once) and the file to
write, which takes the facts by server.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# This runs in the peers' environment, where the checks of ours do not look.
# mypy: disable-error-code="import-not-found"
from pyinfra.api import Config, Inventory, State
from pyinfra.api.connect import connect_all
from pyinfra.context import ctx_host, ctx_state
from pyinfra.facts import deb, hardware, server

FACTS = (
    server.Hostname,
    server.Kernel,
    server.KernelVersion,
    server.KernelModules,
    server.Arch,
    server.LinuxDistribution,
    server.Date,
    server.Users,
    server.Groups,
    server.Mounts,
    server.Crontab,
    server.Selinux,
    hardware.Cpus,
    hardware.Memory,
    hardware.BlockDevices,
    hardware.NetworkDevices,
    deb.DebPackages,
    server.Os,
)


def main(settings: dict[str, Any], into: Path) -> None:
    """Connect to every server, ask one fact after another, and write what was told."""
    access = {
        "ssh_user": "root",
        "ssh_port": settings["port"],
        "ssh_key": settings["key"],
        "ssh_known_hosts_file": settings["known_hosts"],
        "ssh_strict_host_key_checking": "yes",
        "ssh_look_for_keys": False,
        "ssh_allow_agent": False,
    }
    hosts: tuple[list[Any], dict[str, Any]] = (
        [(address, access) for address in settings["addresses"]],
        {},
    )
    state = State(Inventory(hosts), Config(PARALLEL=settings["at_once"]))
    state.is_executing = True
    connect_all(state)
    with ctx_state.use(state):
        asked = {
            host.name: state.pool.spawn(_facts_of, host)
            for host in state.inventory.get_active_hosts()
        }
        state.pool.join()
    for name, each in asked.items():
        if not each.successful():
            print(f"{name}: {each.exception!r}", file=sys.stderr)
    told = {name: each.value for name, each in asked.items() if each.successful()}
    into.write_text(json.dumps(told, default=str))


def _facts_of(host: Any) -> dict[str, Any]:
    with ctx_host.use(host):
        return {f"{fact.__module__}.{fact.__name__}": host.get_fact(fact) for fact in FACTS}


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
