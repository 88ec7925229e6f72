"""One server of each of four releases, from the release's own packages, with the peers' programs.

The roots are built once and kept beside other caches; a server is laid over its root in memory.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.discovery.peers import cache_folder
from benchmarks.discovery.world import World
from inventory.errors import BadInputError

RELEASES: Final = ("bullseye", "bookworm", "trixie", "forky")
"""Debian 11, 12, 13 and what becomes 14: each has its own Facter and FusionInventory."""
_PACKAGES: Final = (
    *("openssh-server", "python3", "iproute2", "procps", "util-linux", "kmod", "pciutils"),
    *("dmidecode", "ethtool", "cron", "lvm2", "iptables", "lsb-release"),
    *("facter", "fusioninventory-agent"),
)
_OPTIONS: Final = (
    "--quiet",
    "--mode=root",
    "--variant=minbase",
    "--skip=output/mknod",
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=APT::Install-Recommends "false"',
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-exclude=/usr/share/man/*",
)
_BUILD_SECONDS: Final = 900
_START_SECONDS: Final = 30
_BOOT: Final = Path(__file__).with_name("release.sh")
_BRIDGE: Final = "10.78.1.254"


@dataclass(frozen=True, kw_only=True)
class Release:
    """A running server."""

    name: str
    address: str


def build_roots() -> None:
    """Build the roots that the cache does not hold; needs the machine's package mirror.

    Raises:
        BadInputError: there is no mirror, or a root cannot be built.

    """
    for release in RELEASES:
        if not _root(release).exists():
            _build(release, _root(release))


def _root(release: str) -> Path:
    digest = hashlib.sha256("\n".join((*_PACKAGES, *_OPTIONS)).encode()).hexdigest()[:12]
    return cache_folder() / "roots" / f"{release}-{digest}"


def _build(release: str, made: Path) -> None:
    """Build beside the final place, and move there what is whole."""
    from estate.mirror import mirror

    address = mirror()
    if address is None:
        raise BadInputError("apt has no source of Debian's packages", hint="look at /etc/apt")
    partial, log = made.with_suffix(".partial"), made.with_suffix(".log")
    shutil.rmtree(partial, ignore_errors=True)
    made.parent.mkdir(parents=True, exist_ok=True)
    what = (f"--include={','.join(_PACKAGES)}", release, str(partial), address)
    with log.open("wb") as said:
        built = subprocess.run(
            ["mmdebstrap", *_OPTIONS, *what],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            timeout=_BUILD_SECONDS,
            check=False,
        )
    if built.returncode:
        raise BadInputError(
            f"the root of {release} could not be built",
            hint=f"{log} ends: {log.read_text(errors='replace').strip().splitlines()[-1:]}",
        )
    partial.chmod(0o755)
    partial.rename(made)
    log.unlink()


def start_releases(world: World, key: Path, known_hosts: Path) -> list[Release]:
    """Start one server of each release, let ``key`` in, and write their host keys.

    Raises:
        BadInputError: one did not start.

    """
    _ip("link add br0 type bridge", "link set br0 up", f"address add {_BRIDGE}/24 dev br0")
    started, lines = [], []
    for number, name in enumerate(RELEASES, start=1):
        server = Release(name=name, address=f"10.78.1.{number}")
        lines.append(_start(world, server, number, key))
        started.append(server)
    known_hosts.write_text("".join(lines))
    for server in started:
        _await(server, world.folder / server.name / "log")
    return started


def _start(world: World, server: Release, number: int, key: Path) -> str:
    """Start one server; return its line of known_hosts."""
    folder = world.folder / server.name
    (folder / "mount").mkdir(parents=True)
    host_key = folder / "host_key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(host_key)], check=True
    )
    shutil.copy(f"{key}.pub", folder / "authorized_keys")
    (folder / "machine-id").write_text(f"{uuid.uuid4().hex}\n")
    separate = ("unshare", "--net", "--uts", "--ipc", "--mount", "--pid", "--fork", "--kill-child")
    boot = ("sh", str(_BOOT), str(_root(server.name)), str(folder), server.name, server.address)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            world.servers.entering([*separate, *boot, _BRIDGE]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    _await_network(process.pid, server)
    mac = f"02:00:0a:4e:01:{number:02x}"
    _ip(
        f"link add v{number} type veth peer name eth0 address {mac} netns {process.pid}",
        f"link set v{number} master br0 up",
    )
    return f"{server.address} {Path(f'{host_key}.pub').read_text().strip()}\n"


def _await_network(pid: int, server: Release) -> None:
    """Wait until the process has a network of its own."""
    ours, deadline = Path("/proc/self/ns/net").readlink(), time.monotonic() + _START_SECONDS
    while Path(f"/proc/{pid}/ns/net").readlink() == ours:
        if time.monotonic() > deadline:
            raise BadInputError(f"the server {server.name} did not start")
        time.sleep(0.02)


def _await(server: Release, log: Path) -> None:
    from benchmarks.discovery.servers import answers

    deadline = time.monotonic() + _START_SECONDS
    while not answers(server.address, 22):
        if time.monotonic() > deadline:
            said = log.read_text(errors="replace")
            raise BadInputError(f"the server {server.name} did not start: {said}")
        time.sleep(0.05)


def _ip(*lines: str) -> None:
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)
