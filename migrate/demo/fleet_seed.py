"""What lies on the disk of a server of the demo before it starts."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Final

from migrate.demo.fleet_keys import KeyPair, write_private
from migrate.demo.fleet_plan import SERVERS, PlannedServer
from migrate.demo.fleet_services import HERE, SSHD, Software

_SSHD: Final = """\
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
UseDNS no
PidFile none
"""
_DPKG_STATUS: Final = Path("/var/lib/dpkg/status")
_EVERYWHERE: Final = ("openssh-server", "openssh-client", "python3.", "iproute2")
_BASIC: Final = re.compile(r"^Priority: (required|important)$", re.MULTILINE)
_LAST_SYSTEM_ACCOUNT: Final = 999
_NOBODY: Final = 65534


def write_seed(
    folder: Path, server: PlannedServer, runs: Software, host_key: KeyPair, visitor: KeyPair
) -> None:
    """Fill ``folder`` with what the server starts from; ``visitor`` may log in as root."""
    for name in ("files", "dmi", "mount"):
        (folder / name).mkdir(parents=True)
    for path, text in _files(server, runs, visitor).items():
        _write(folder / "files" / path, text)
    for path in ("etc/decant-demo/init", "usr/sbin/poweroff"):
        (folder / "files" / path).chmod(0o755)
    write_private(folder / "files/etc/ssh/ssh_host_ed25519_key", host_key)
    for name, text in _firmware(server).items():
        _write(folder / "dmi" / name, text)


def _files(server: PlannedServer, runs: Software, visitor: KeyPair) -> dict[str, str]:
    return {
        **runs.files,
        **_accounts(),
        "etc/hostname": f"{server.name}\n",
        "etc/hosts": _hosts(),
        "etc/machine-id": f"{server.machine_id}\n",
        "etc/ssh/sshd_config": _SSHD,
        "etc/decant-demo/server": "This server is part of a demonstration of Decant.\n",
        "etc/decant-demo/services": _lines(f"exec {SSHD}", *runs.commands),
        "etc/decant-demo/ports": _lines(*map(str, server.ports)),
        "etc/decant-demo/init": (HERE / "fleet_init.sh").read_text(encoding="utf-8"),
        "usr/sbin/poweroff": (HERE / "fleet_power_off.sh").read_text(encoding="utf-8"),
        "root/.ssh/authorized_keys": _lines(visitor.public),
        "var/lib/dpkg/status": _packages(runs),
    }


def _hosts() -> str:
    servers = (f"{each.address} {each.name}.demo.internal {each.name}" for each in SERVERS)
    return _lines("127.0.0.1 localhost", *servers)


def _accounts() -> dict[str, str]:
    """Return the machine's system accounts, without anybody's own and without passwords."""
    users = _system_lines(Path("/etc/passwd"))
    return {
        "etc/passwd": _lines(*users),
        "etc/group": _lines(*_system_lines(Path("/etc/group"))),
        "etc/shadow": _lines(*(f"{line.split(':')[0]}:*:20000:0:99999:7:::" for line in users)),
    }


def _system_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.count(":") > 1 and _is_system(line.split(":")[2])]


def _is_system(number: str) -> bool:
    return number.isdigit() and (int(number) <= _LAST_SYSTEM_ACCOUNT or int(number) == _NOBODY)


def _packages(runs: Software) -> str:
    """Return the machine's list of packages, cut down to a small system and the server's role."""
    if not _DPKG_STATUS.exists():
        return ""
    wanted = (*_EVERYWHERE, *runs.packages)
    stanzas = _DPKG_STATUS.read_text(encoding="utf-8", errors="replace").split("\n\n")
    kept = [
        stanza
        for stanza in stanzas
        if stanza.removeprefix("Package: ").startswith(wanted) or _BASIC.search(stanza)
    ]
    return "".join(f"{stanza.rstrip()}\n\n" for stanza in kept)


def _firmware(server: PlannedServer) -> dict[str, str]:
    return {
        "sys_vendor": "Decant\n",
        "product_name": "Demo server in namespaces\n",
        "product_uuid": f"{uuid.uuid5(uuid.NAMESPACE_DNS, f'{server.name}.demo.invalid')}\n",
        "product_serial": f"DEMO-{server.name.upper()}\n",
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)
