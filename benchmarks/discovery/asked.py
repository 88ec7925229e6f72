"""What each program says of one server: Ansible, Facter, FusionInventory and Decant, as paths."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from benchmarks.discovery.peers import peer
from inventory.errors import BadInputError

_DECANT: Final = Path(sys.executable).with_name("decant")
_SECONDS: Final = 180
_SUBSETS: Final = "gather_subset=all,!facter,!ohai"
"""Ansible would run Facter where it finds it, and call its facts its own."""
_FUSION: Final = "fusioninventory-inventory --no-ssl-check 2>/dev/null || fusioninventory-inventory"

Paths = Mapping[str, tuple[str, ...]]
"""Each path at which something is said → its values, without empty ones. Parts of a path are
parted by dots; the entries of a list share their path."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a server is reached."""

    address: str
    key: Path
    known_hosts: Path

    def run(self, command: str) -> str:
        """Run a shell command there by OpenSSH and return what it said."""
        return self._ssh("-T", command)

    def log_in_once(self) -> None:
        """Log in with a terminal, so that there is a login to be told."""
        self._ssh("-tt", "true")

    def _ssh(self, terminal: str, command: str) -> str:
        options = ("-F", "none", terminal, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR")
        trust = ("-o", f"UserKnownHostsFile={self.known_hosts}", "-i", str(self.key))
        return _said("ssh", *options, *trust, f"root@{self.address}", command)


def ansible(way: Way, folder: Path) -> Paths:
    """Return what ``ansible -m setup`` says, with every subset of its own."""
    folder.mkdir()
    (folder / "ansible.cfg").write_text(
        "[defaults]\nhost_key_checking = True\ninterpreter_python = auto_silent\n"
        f"private_key_file = {way.key}\nremote_user = root\n"
        "[ssh_connection]\npipelining = True\n"
        f"ssh_args = -F none -o UserKnownHostsFile={way.known_hosts} -o ControlMaster=no\n"
    )
    tree = folder / "facts"
    command = (
        peer("ansible"),
        "all",
        "-i",
        f"{way.address},",
        "-m",
        "setup",
        "-a",
        _SUBSETS,
        "--tree",
        str(tree),
    )
    _said(*command, ANSIBLE_CONFIG=str(folder / "ansible.cfg"))
    facts = json.loads((tree / way.address).read_text())["ansible_facts"]
    return paths(facts)


def facter(way: Way, _folder: Path) -> Paths:
    """Return what Facter says, its old names too where it still has them."""
    said = way.run("facter --json --show-legacy 2>/dev/null || facter --json")
    return paths(json.loads(said))


def fusioninventory(way: Way, _folder: Path) -> Paths:
    """Return what the FusionInventory agent's inventory says, by section."""
    content = ET.fromstring(way.run(_FUSION)).find("CONTENT")  # noqa: S314  our own root
    return {} if content is None else paths(_plain(content))


def decant(way: Way, folder: Path) -> Mapping[str, Any]:
    """Return Decant's facts of the server: the document that ``decant show`` prints."""
    estate = ("--estate", str(folder), "--quiet")
    _said(str(_DECANT), "--quiet", "init", str(folder))
    target = f"ssh://root@{way.address}"
    trust = ("--identity", str(way.key), "--known-hosts", str(way.known_hosts))
    _said(str(_DECANT), *estate, "discover", *trust, target)
    shown: Mapping[str, Any] = json.loads(
        _said(str(_DECANT), *estate, "show", target, "--format", "json")
    )
    return shown


PEERS: Final = {"ansible": ansible, "facter": facter, "fusioninventory": fusioninventory}


def paths(value: object) -> Paths:
    """Return every path of a document, with its values.

    >>> paths({"a": [{"b": 1}, {"b": None}], "c": {}})
    {'a.b': ('1',), 'c': ()}
    """
    found: dict[str, list[str]] = {}
    for path, said in _walk((), value):
        values = found.setdefault(".".join(path), [])
        if said not in {None, ""}:
            values.append(str(said))
    return {path: tuple(values) for path, values in found.items()}


def _walk(path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _walk((*path, str(name).replace(".", "_")), each)
    elif isinstance(value, list) and value:
        for each in value:
            yield from _walk(path, each)
    else:
        yield path, None if isinstance(value, Mapping | list) else value


def _plain(element: ET.Element) -> object:
    if not len(element):
        return (element.text or "").strip()
    plain: dict[str, list[object]] = {}
    for each in element:
        plain.setdefault(each.tag, []).append(_plain(each))
    return plain


def _said(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        env={**os.environ, **environment},
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise BadInputError(f"{Path(command[0]).name} failed: {' '.join(words)}")
    return done.stdout
