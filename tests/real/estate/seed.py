"""What lies over a server's root before it starts."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from pathlib import Path
from typing import Final

from estate.definition import HERE, Declared, Definition
from migrate.demo.fleet_keys import KeyPair, write_private

_FIRMWARE: Final = {
    "sys_vendor": "Decant",
    "product_name": "Test server in namespaces",
    "product_serial": "TEST-{name}",
    "product_uuid": "{uuid}",
}


def machine_id(name: str) -> str:
    """Return the machine-id of a server, the same at each raising."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def write_seed(
    folder: Path, server: Declared, estate: Definition, host_key: KeyPair, visitor: KeyPair
) -> None:
    """Fill ``folder`` with what the server starts from; ``visitor`` may log in as root.

    The files of ``files/INIT``, then those of ``files/NAME``, lie under what is the server's own.
    """
    files = folder / "files"
    for each in (files, folder / "dmi", folder / "mount"):
        each.mkdir(parents=True)
    for layer in (estate.roots[server.root].init.value, server.name):
        if (HERE / "files" / layer).exists():
            shutil.copytree(HERE / "files" / layer, files, symlinks=True, dirs_exist_ok=True)
    for path, text in _texts(server, estate, host_key, visitor).items():
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        (files / path).write_text(text, encoding="utf-8")
    write_private(files / "etc/ssh/ssh_host_ed25519_key", host_key)
    for name, text in _FIRMWARE.items():
        said = text.format(name=server.name.upper(), uuid=uuid.UUID(machine_id(server.name)))
        (folder / "dmi" / name).write_text(f"{said}\n", encoding="utf-8")


def _texts(
    server: Declared, estate: Definition, host_key: KeyPair, visitor: KeyPair
) -> dict[str, str]:
    names = "".join(f"{each.address} {each.name}\n" for each in estate.servers)
    return {
        "etc/hostname": f"{server.name}\n",
        "etc/hosts": f"127.0.0.1 localhost\n{names}",
        "etc/machine-id": f"{machine_id(server.name)}\n",
        "etc/resolv.conf": "",
        "etc/ssh/ssh_host_ed25519_key.pub": f"{host_key.public}\n",
        "root/.ssh/authorized_keys": f"{visitor.public}\n",
    }
