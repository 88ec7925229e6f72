"""Real OpenSSH servers on loopback, each with a key, a port and a home of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

from inventory.model.asking import Access
from inventory.model.target import Target

SSHD = which("sshd", path=f"/usr/sbin:/usr/local/sbin:{os.environ.get('PATH', '')}")
START_SECONDS = 10


def make_key(path: Path, *, kind: str = "ed25519", passphrase: str = "") -> Path:
    """Make a key pair and return the private key's path; RSA's is made as short as is sound."""
    length = ["-b", "2048"] if kind == "rsa" else []
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, *length, "-N", passphrase, "-C", "test", "-f", str(path)],
        check=True,
    )
    return path


def public(key: Path) -> str:
    """Return the public half as type and base64."""
    return " ".join(Path(f"{key}.pub").read_text().split()[:2])


def sign(key: Path, authority: Path, *options: str, name: str = "test") -> Path:
    """Have an authority sign a key's public half (see ssh-keygen -s); return the certificate."""
    subprocess.run(
        ["ssh-keygen", "-q", "-s", str(authority), "-I", name, *options, f"{key}.pub"], check=True
    )
    return Path(f"{key}-cert.pub")


def fingerprint(key: Path) -> str:
    """Return what ssh-keygen says of the key: ``SHA256:…``."""
    said = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{key}.pub"], check=True, capture_output=True, text=True
    )
    return said.stdout.split()[1]


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running sshd, and what a client must know to get in."""

    host: str
    port: int
    host_key: Path
    client_key: Path
    home: Path
    process: subprocess.Popen[bytes] = field(repr=False)
    mark: str
    """In the environment of every process that it starts, so that they can be ended."""

    @property
    def target(self) -> Target:
        """The server, as a user gives it."""
        return Target(transport="ssh", host=self.host, port=self.port)

    @property
    def name(self) -> str:
        """What known_hosts calls it."""
        return f"[{self.host}]:{self.port}"

    @property
    def known_line(self) -> str:
        """The line that makes it known."""
        return f"{self.name} {public(self.host_key)}\n"

    def access(self, known_hosts: Path, **more: object) -> Access:
        """Write that it is known and return what gets in."""
        known_hosts.write_text(self.known_line)
        return access(known_hosts, self.client_key, **more)

    def stop(self) -> None:
        """End the server and everything that it started."""
        self.process.terminate()
        self.process.wait(5)
        for pid in marked(self.mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def access(known_hosts: Path, *keys: Path, **more: object) -> Access:
    """Return an access that looks at nothing of the account that runs the tests."""
    settings = {"use_agent": False, "ssh_config": ()} | more
    return Access(identities=keys, known_hosts=(known_hosts,), **settings)  # type: ignore[arg-type]


def marked(mark: str) -> list[int]:
    """Return the processes that were started under a mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def free_port(host: str) -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def start(
    folder: Path,
    client_key: Path,
    *options: str,
    host: str = "127.0.0.1",
    within: Sequence[str] = (),
) -> Server:
    """Start a server that lets ``client_key`` in; ``options`` replace the usual lines.

    ``within`` are the words that start it somewhere else, such as a namespace.
    """
    folder.mkdir(parents=True)
    home = folder / "home"
    home.mkdir()
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    host_key = make_key(folder / "host_key")
    authorized = folder / "authorized_keys"
    authorized.write_text(f"{public(client_key)}\n")
    port, mark = free_port(host), f"DECANT_TEST={uuid.uuid4().hex}"
    usual = [
        f"ListenAddress {host}:{port}",
        f"HostKey {host_key}",
        f"AuthorizedKeysFile {authorized}",
        f"PidFile {folder / 'pid'}",
        f"SetEnv HOME={home} {mark}",
        "StrictModes no",
        "UsePAM no",
        "UseDNS no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password",
        "MaxStartups 200",
        "PrintMotd no",
        "PrintLastLog no",
        "LogLevel ERROR",
    ]
    given = {option.split()[0] for option in options}
    lines = [*options, *(line for line in usual if line.split()[0] not in given)]
    configuration = folder / "sshd_config"
    configuration.write_text("\n".join(lines) + "\n")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*within, str(SSHD), "-D", "-e", "-f", str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    _await(host, port, process, folder / "log")
    return Server(
        host=host,
        port=port,
        host_key=host_key,
        client_key=client_key,
        home=home,
        process=process,
        mark=mark,
    )


def _await(host: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise AssertionError(f"sshd did not start: {log.read_text()}")
