"""The demo's world with real servers, each in namespaces of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from inventory.errors import UnreachableError
from migrate.demo.fleet import Lab, fleet_in
from migrate.demo.fleet_lab import network as lab_network
from migrate.demo.fleet_plan import PORTS, Role, planned
from migrate.demo.fleet_services import software
from migrate.demo.world import SIGNERS, World, loopback_clouds, make_signers

_OLD_CACHE, _NEW_CACHE = planned("cache-1").address, planned("cache-1-new").address
_NEW_PORT: Final = 8099
_NEW_HOSTS: Final = f"sed -i 's/^{_OLD_CACHE} .*/{_NEW_CACHE} cache-1/' /etc/hosts"
_USE_NEW_CACHE: Final = f"{_NEW_HOSTS} && kill -HUP $(cat /tmp/shop.pid)"
_LISTEN: Final = f"setsid python3 -m http.server {_NEW_PORT} </dev/null >/dev/null 2>&1 &"
_AWAIT: Final = "for try in $(seq 100); do {condition} && exit 0; sleep 0.1; done; exit 1"


@contextmanager
def fleet_world(folder: Path) -> Iterator[World]:
    """Raise servers and clouds; the folder takes what they need while they run.

    Raises:
        MissingExtraError: they cannot run here.
        UnreachableError: a server or a cloud did not come up.

    """
    with ExitStack() as stack:
        network = stack.enter_context(lab_network())
        clouds = stack.enter_context(
            loopback_clouds(folder / "clouds", lambda command: network.enter(*command))
        )
        lab = stack.enter_context(fleet_in(network, folder))
        visitors = stack.enter_context(_visitors(lab))
        yield World(
            about=_about(),
            targets={name: server.target for name, server in lab.servers.items()},
            clouds=clouds(),
            key=lab.key,
            known_hosts=lab.known_hosts,
            signers=make_signers(lab.key.parent, SIGNERS),
            command=lab.command,
            visitors_leave=visitors,
            application_moves_cache=lambda: _move_cache(lab),
            somebody_changes=lambda: _change(lab),
            is_off=lambda name: not lab.running[name].is_running,
        )


def _about() -> str:
    stood_in = [made.stand_in for role in Role if (made := software(role)).stand_in]
    missing = [name for name in stood_in if name != "NFS"]
    plainly = (
        f" {' and '.join(missing)} not being installed here, small stand-ins listen in their place."
        if missing
        else ""
    )
    return (
        "real OpenSSH servers, each in namespaces of its own, with their own network, processes"
        f" and disk in memory; nothing of them outlives the demo.{plainly}"
    )


@contextmanager
def _visitors(lab: Lab) -> Iterator[Callable[[], None]]:
    """Send visitors to web-1; yield what makes them leave."""
    address = (planned("web-1").address, str(PORTS[Role.WEB]))
    with subprocess.Popen(
        lab.command([sys.executable, "-m", "migrate.demo.traffic", *address]),
        stdin=subprocess.PIPE,
        start_new_session=True,
    ) as process:

        def leave() -> None:
            process.communicate(timeout=10)
            _until(
                lab, "web-1", f"! ss -Htn state established sport = :{PORTS[Role.WEB]} | grep -q ."
            )

        try:
            yield leave
        finally:
            process.kill()


def _move_cache(lab: Lab) -> None:
    _must(lab, "app-1", _USE_NEW_CACHE)
    _until(lab, "cache-1", _no_client(Role.CACHE))


def _change(lab: Lab) -> None:
    _must(lab, "cache-1-new", _LISTEN)
    _until(lab, "cache-1-new", f"ss -Htln sport = :{_NEW_PORT} | grep -q .")


def _no_client(role: Role) -> str:
    return f"! ss -Htn state established sport = :{PORTS[role]} | grep -q ."


def _until(lab: Lab, name: str, condition: str) -> None:
    _must(lab, name, _AWAIT.format(condition=condition))


def _must(lab: Lab, name: str, script: str) -> None:
    done = lab.exec(name, ["sh", "-c", script])
    if done.returncode:
        raise UnreachableError(
            f"what the demo does on {name} did not work: {done.stderr.strip() or script}"
        )
