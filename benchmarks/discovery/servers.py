"""Many real OpenSSH servers on loopback, one process each, with its own key, name and identity.

Each stands in a namespace where its host name and its machine-id are its own, so that a client
sees as many servers as there are, and not one under many addresses.
"""

from __future__ import annotations

import socket
import subprocess
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.discovery.world import World
from inventory.errors import BadInputError

PORT: Final = 2222
_A_FOLDER: Final = 200
"""How many addresses share their third number."""
_START_SECONDS: Final = 60
_CONFIGURATION: Final = """\
Port {port}
AuthorizedKeysFile {folder}/client.pub
PidFile none
SetEnv HOME={folder}/server-home
StrictModes no
UsePAM no
UseDNS no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100:30:300
PrintMotd no
PrintLastLog no
LogLevel ERROR
Subsystem sftp internal-sftp
"""
_STARTED: Final = """
hostname "$1" && mount --bind "$2" /etc/machine-id && shift 2 && exec "$@"
"""


@dataclass(frozen=True, kw_only=True)
class Servers:
    """The running servers, and what a client must know to get in."""

    addresses: tuple[str, ...]
    """Every address at which one of them answers, all at ``PORT``."""
    key: Path
    """Private key that logs in as root."""
    known_hosts: Path


def raise_servers(world: World, count: int, *, addresses_each: int = 1) -> Servers:
    """Start ``count`` servers and wait until all answer. They end with the world.

    Raises:
        BadInputError: one of them did not start.

    """
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder = world.folder
    (folder / "server-home").mkdir()
    (folder / "sshd_config").write_text(_CONFIGURATION.format(port=PORT, folder=folder))
    _make_key(folder / "client")
    known, addresses = [], []
    for number in range(count):
        mine = [_address(number + each * count) for each in range(addresses_each)]
        known.append(_start(world, number, mine))
        addresses.append(mine)
    (folder / "known_hosts").write_text("".join(known))
    every = tuple(address for each in zip(*addresses, strict=True) for address in each)
    _await(every, folder / "sshd.log")
    return Servers(addresses=every, key=folder / "client", known_hosts=folder / "known_hosts")


def _address(number: int) -> str:
    return f"127.64.{number // _A_FOLDER}.{number % _A_FOLDER + 1}"


def _make_key(path: Path) -> str:
    """Make a key pair; return its public half as type and base64."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True
    )
    return Path(f"{path}.pub").read_text(encoding="ascii").strip()


def _start(world: World, number: int, addresses: list[str]) -> str:
    """Start one server, and return its lines of known_hosts."""
    folder = world.folder / "servers" / str(number)
    folder.mkdir(parents=True)
    public = _make_key(folder / "key")
    identity = folder / "machine-id"
    identity.write_text(f"{uuid.uuid4().hex}\n")
    listening = (word for each in addresses for word in ("-o", f"ListenAddress={each}"))
    sshd = [
        *("/usr/sbin/sshd", "-D", "-e", "-f", str(world.folder / "sshd_config")),
        *("-h", str(folder / "key"), *listening),
    ]
    started = ["sh", "-c", _STARTED, "server", f"server-{number:03}", str(identity), *sshd]
    with (world.folder / "sshd.log").open("ab") as log:
        subprocess.Popen(
            world.servers.entering(["unshare", "--uts", "--mount", *started]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    return "".join(f"[{each}]:{PORT} {public}\n" for each in addresses)


def _await(addresses: tuple[str, ...], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    for address in addresses:
        while not answers(address, PORT):
            if time.monotonic() > deadline:
                raise BadInputError(
                    f"the server at {address} did not start: {_last(log)}",
                    hint="is sshd installed, and can this machine hold so many?",
                )
            time.sleep(0.05)


def answers(address: str, port: int) -> bool:
    """Tell whether an SSH server answers there."""
    with suppress(OSError), socket.create_connection((address, port), timeout=5) as connected:
        return connected.recv(4) == b"SSH-"
    return False


def _last(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else "it said nothing"
