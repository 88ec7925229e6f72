"""Where faults are laid: real servers with something wrong, beside healthy ones, in one world.

The misbehaving servers are those of ``tests/real/zoo.py``, the OpenSSH servers those of
``tests/real/openssh.py``; here are the ones that no test needs.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Final

import openssh
import zoo

from inventory.model.target import Target

PLAIN: Final = "plain"
"""An account without privileges."""
LOCKED: Final = "locked"
"""An account whose shell is nologin."""
_ACCOUNTS: Final = """\
plain:*:4242:65534::/:/bin/sh
locked:*:4243:65534::/:/usr/sbin/nologin
"""
_BROKEN: Final = """\
exec unshare --mount sh -c '
mount -t tmpfs -o size=256k tmpfs /mnt || exit 99
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root || exit 99
for each in proc sys dev run; do mount --rbind /$each /mnt/root/$each; done
{fault}
exec chroot /mnt/root sh -c "$SSH_ORIGINAL_COMMAND"'
"""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """A place for servers, healthy and not. What it holds ends with the world."""

    folder: Path
    key: Path
    """What the servers let in."""
    known: list[str] = field(default_factory=list)
    """Lines of known_hosts."""
    stack: ExitStack = field(default_factory=ExitStack)
    _numbers: count[int] = field(default_factory=count)

    def server(self, *options: str, is_known: bool = True) -> openssh.Server:
        """Start an OpenSSH server with these options; ``is_known`` lists its host key."""
        number = next(self._numbers)
        address = f"127.65.{number // 200}.{number % 200 + 1}"
        started = openssh.start(self.folder / f"sshd-{number}", self.key, *options, host=address)
        if is_known:
            self.known.append(started.known_line)
        return started

    def at(self, *options: str, user: str = "root", is_known: bool = True) -> Target:
        """Start such a server and return it as a target."""
        return replace(self.server(*options, is_known=is_known).target, user=user)

    def forcing(self, command: str, *options: str, user: str = "root") -> Target:
        """Start a server that runs this shell command instead of what it is asked to run."""
        script = self.folder / f"forced-{next(self._numbers)}.sh"
        script.write_text(command, encoding="utf-8")
        return self.at(f"ForceCommand sh {script}", *options, user=user)

    def broken(self, fault: str) -> Target:
        """Start a server whose root is laid over with 256 KiB and then broken by a command.

        The command finds the root at ``/mnt/root``.
        """
        return self.forcing(_BROKEN.format(fault=fault))

    def bad(self, habit: zoo.Habit, behind: openssh.Server | None = None) -> Target:
        """Serve a misbehaviour; with the host key of the server behind it, if there is one."""
        target = self.stack.enter_context(zoo.misbehaving(habit))
        if behind:
            line = behind.known_line.replace(behind.name, f"[{target.host}]:{target.port}")
            self.known.append(line)
        return replace(target, user="root")


def add_accounts(folder: Path) -> None:
    """Lay a list of accounts with two more over this machine's, seen in this world alone."""
    laid = folder / "passwd"
    laid.write_text(Path("/etc/passwd").read_text(encoding="utf-8") + _ACCOUNTS, encoding="utf-8")
    subprocess.run(["mount", "--bind", str(laid), "/etc/passwd"], check=True)


def slow(server: openssh.Server, bytes_a_second: int) -> zoo.Habit:
    """Pass everything on to a real server, and its answers at this rate."""

    def habit(taken: socket.socket, over: threading.Event) -> None:
        with socket.create_connection((server.host, server.port), timeout=30) as behind:
            threading.Thread(target=_pump, args=(taken, behind), daemon=True).start()
            while not over.is_set() and (data := behind.recv(4096)):
                taken.sendall(data)
                over.wait(len(data) / bytes_a_second)

    return habit


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)


def throttled(grounds: Grounds, *, seconds: float) -> Target:
    """Start a server whose two places (MaxStartups) are taken by others, for so long."""
    server = grounds.server("MaxStartups 2:100:2")
    holding: list[socket.socket] = []
    while len(holding) < 2:  # noqa: PLR2004  as many as there are places
        held = socket.create_connection((server.host, server.port))
        if held.recv(8) == b"SSH-2.0-":
            holding.append(held)
        else:
            held.close()
            time.sleep(0.05)

    def let_go() -> None:
        for each in holding:
            each.close()

    timer = threading.Timer(seconds, let_go)
    timer.daemon = True
    timer.start()
    return replace(server.target, user="root")


def blackhole(kind: str) -> Target:
    """Return an address that swallows what is sent there, or that no route leads to."""
    if kind == "swallowed":
        address = "192.0.2.9"
        _ip("link", "add", "hole", "type", "veth", "peer", "name", "depth")
        _ip("address", "add", "192.0.2.1/24", "dev", "hole")
        _ip("link", "set", "hole", "up")
        _ip("link", "set", "depth", "up")
        _ip("neighbour", "add", address, "lladdr", "02:00:00:00:00:09", "dev", "hole")
    else:
        address = "198.51.100.9"
        _ip("route", "add", "unreachable", f"{address}/32")
    return Target(transport="ssh", host=address, port=22, user="root")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def many_sockets(grounds: Grounds, number: int) -> Target:
    """Start a server that sees this many established sockets, in a network of its own."""
    program = Path(__file__).with_name("sockets.py")
    process = subprocess.Popen(
        ["unshare", "--net", "python3", str(program), str(number)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if process.stdout is None or process.stdout.readline() != "ready\n":
        raise OSError("the sockets could not be opened")
    grounds.stack.callback(os.killpg, process.pid, signal.SIGKILL)
    return grounds.forcing(
        f'exec nsenter --net=/proc/{process.pid}/ns/net sh -c "$SSH_ORIGINAL_COMMAND"\n'
    )


def full_agent(folder: Path, last: Path) -> str:
    """Start an agent that offers six keys that nobody knows, and then ``last``; return its socket.

    It ends with the world.
    """
    path = folder / "agent"
    subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.DEVNULL)
    while not path.exists():
        time.sleep(0.02)
    keys = [openssh.make_key(folder / f"stranger-{number}") for number in range(6)]
    subprocess.run(
        ["ssh-add", "-q", *map(str, (*keys, last))],
        check=True,
        env={**os.environ, "SSH_AUTH_SOCK": str(path)},
    )
    return str(path)
