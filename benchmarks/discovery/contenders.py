"""Who is measured: each contender's command line, and how many servers it truly got facts from.

A contender is data. Each prepares a folder of its own before every run, and what it left there is
counted after it; neither is part of what is measured.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.discovery.peers import peer
from benchmarks.discovery.servers import PORT, Servers

DECANT: Final = Path(sys.executable).with_name("decant")
_TUNED: Final = (
    "KexAlgorithms=curve25519-sha256",
    "Ciphers=aes128-gcm@openssh.com",
    "HostKeyAlgorithms=ssh-ed25519",
    "PubkeyAcceptedAlgorithms=ssh-ed25519",
)
"""The fastest of what OpenSSH has: its default key exchange costs five times as much."""
_PLAIN: Final = (
    "PreferredAuthentications=publickey",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "ControlMaster=no",
    "ControlPersist=no",
    "UpdateHostKeys=no",
    "GlobalKnownHostsFile=none",
    "StrictHostKeyChecking=yes",
    "CheckHostIP=no",
    "AddressFamily=inet",
    "LogLevel=ERROR",
)
"""No agent, no second look, no connection kept: each server is met once."""

# So many at once; each answer goes to a file of its own. `wait -n` lets no server wait for another.
_LOOP: Final = """
under_way=0
while read -r address; do
[ "$under_way" -lt {at_once} ] || wait -n
under_way=$((under_way + 1))
{command} <{given} >"$address" &
done <addresses
wait
"""


@dataclass(frozen=True, kw_only=True)
class Bout:
    """What one run of a contender is given."""

    folder: Path
    """Empty before it begins; where it runs."""
    servers: Servers
    script: Path
    """The script that Decant composes."""
    answer: Path
    """What that script said here, once."""
    reference: Path | None
    """A script to compare it with."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a contender left."""

    answered: int
    """Servers of which it holds facts."""
    answer_bytes: int
    """The size of what they said, as the contender holds it."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One way to collect facts from many servers."""

    name: str
    what: str
    """What it is and the options that matter, for the table's foot."""
    prepare: Callable[[Bout], list[str]]
    """Write what it needs and return its command line."""
    tally: Callable[[Bout], Tally]
    peers: bool = False
    """Whether it is one of ``peers.txt``."""
    reference: bool = False
    """Whether it needs a reference script."""
    alone: bool = False
    """Whether it is the servers' own work, without network and client."""


def _decant(bout: Bout) -> list[str]:
    estate = bout.folder / "estate"
    subprocess.run([DECANT, "--quiet", "init", str(estate)], check=True, stdout=subprocess.DEVNULL)
    servers = bout.servers
    return [
        *(str(DECANT), "--estate", str(estate), "--quiet", "discover"),
        *("--identity", str(servers.key), "--known-hosts", str(servers.known_hosts)),
        *(f"ssh://root@{address}:{PORT}" for address in servers.addresses),
    ]


def _tally_decant(bout: Bout) -> Tally:
    """Count the servers whose system is known, and their raw answers."""
    from inventory.estate_file import read_estate
    from inventory.model.fact import Known
    from inventory.model.facts import OS_NAME
    from inventory.store.answers import raw_answer
    from inventory.store.opening import open_store
    from inventory.store.servers import servers

    estate = read_estate(bout.folder / "estate", os.environ)
    with open_store(estate.database) as store:
        told = [each for each in servers(store) if isinstance(each.facts.of(OS_NAME), Known)]
        size = sum(len(raw_answer(store, each.id)) for each in told)
    return Tally(answered=len(told), answer_bytes=size)


def _ansible(bout: Bout) -> list[str]:
    servers = bout.servers
    options = _options(servers, _TUNED)
    (bout.folder / "hosts").write_text("".join(f"{each}\n" for each in servers.addresses))
    (bout.folder / "ansible.cfg").write_text(
        "[defaults]\n"
        f"inventory = {bout.folder}/hosts\n"
        "forks = 50\n"
        "remote_user = root\n"
        f"remote_port = {PORT}\n"
        f"private_key_file = {servers.key}\n"
        "interpreter_python = /usr/bin/python3\n"
        "host_key_checking = True\n"
        "[ssh_connection]\n"
        "pipelining = True\n"
        f"ssh_args = {shlex.join(options)}\n"
    )
    return [peer("ansible"), "all", "-m", "setup", "--tree", str(bout.folder / "facts")]


def _tally_ansible(bout: Bout) -> Tally:
    texts = [path.read_bytes() for path in (bout.folder / "facts").glob("127.*")]
    told = [text for text in texts if "ansible_kernel" in json.loads(text).get("ansible_facts", {})]
    return Tally(answered=len(told), answer_bytes=sum(map(len, told)))


def _pyinfra(bout: Bout) -> list[str]:
    settings = {
        "addresses": bout.servers.addresses,
        "port": PORT,
        "key": str(bout.servers.key),
        "known_hosts": str(bout.servers.known_hosts),
        "at_once": 50,
    }
    (bout.folder / "settings").write_text(json.dumps(settings))
    program = Path(__file__).with_name("pyinfra_facts.py")
    files = (bout.folder / "settings", bout.folder / "facts")
    return [peer("python"), str(program), *map(str, files)]


def _tally_pyinfra(bout: Bout) -> Tally:
    facts = json.loads((bout.folder / "facts").read_text())
    told = [json.dumps(each) for each in facts.values() if each.get("pyinfra.facts.server.Kernel")]
    return Tally(answered=len(told), answer_bytes=sum(map(len, told)))


def _openssh(
    options: Iterable[str],
    given: Callable[[Bout], Path | None],
    remote: Callable[[Bout], str] = lambda _bout: "sh -s",
) -> Callable[[Bout], list[str]]:
    def prepare(bout: Bout) -> list[str]:
        command = f'ssh "$@" "root@$address" {shlex.quote(remote(bout))}'
        return [*_loop(bout, command, given(bout), 16), *_options(bout.servers, options)]

    return prepare


def _alone(given: Callable[[Bout], Path | None]) -> Callable[[Bout], list[str]]:
    def prepare(bout: Bout) -> list[str]:
        return _loop(bout, "sh -s", given(bout), os.cpu_count() or 1)

    return prepare


def _loop(bout: Bout, command: str, given: Path | None, at_once: int) -> list[str]:
    addresses = "".join(f"{address}\n" for address in bout.servers.addresses)
    (bout.folder / "addresses").write_text(addresses)
    source = shlex.quote(str(given or "/dev/null"))
    return ["bash", "-c", _LOOP.format(command=command, given=source, at_once=at_once), "loop"]


def _options(servers: Servers, more: Iterable[str]) -> list[str]:
    settings = (*_PLAIN, *more, f"UserKnownHostsFile={servers.known_hosts}")
    words = [word for each in settings for word in ("-o", each)]
    return ["-F", "none", "-T", "-x", "-a", "-i", str(servers.key), "-p", str(PORT), *words]


def _tally_files(bout: Bout) -> Tally:
    """Count the answers that came to their end."""
    sizes = [path.stat().st_size for path in bout.folder.glob("127.*") if _is_whole(path)]
    return Tally(answered=len(sizes), answer_bytes=sum(sizes))


def _is_whole(path: Path) -> bool:
    """Tell whether the last question was answered: both scripts end with a line of their own."""
    with path.open("rb") as answer:
        answer.seek(max(0, path.stat().st_size - 100))
        end = answer.read()
    return b" end " in end or end.endswith(b"\x1eend\n")


def _script(bout: Bout) -> Path:
    return bout.script


def _reference(bout: Bout) -> Path | None:
    return bout.reference


def _nothing(_bout: Bout) -> None:
    return None


CONTENDERS: Final = (
    Contender(
        name="decant",
        what="`decant discover`: everything read, and stored in a fresh SQLite estate",
        prepare=_decant,
        tally=_tally_decant,
    ),
    Contender(
        name="ansible",
        what="`ansible -m setup`, forks 50, pipelining, the ssh options of ssh-tuned, "
        "no ControlPersist (each server is met once), facts to a file each",
        prepare=_ansible,
        tally=_tally_ansible,
        peers=True,
    ),
    Contender(
        name="pyinfra",
        what="pyinfra, 18 facts, 50 at once, one after another for each server",
        prepare=_pyinfra,
        tally=_tally_pyinfra,
        peers=True,
    ),
    Contender(
        name="ssh-tuned",
        what="`ssh SERVER sh -s` with Decant's script, 16 at once, answers to a file each; "
        "curve25519, aes128-gcm, ed25519, no agent, no settings file",
        prepare=_openssh(_TUNED, _script),
        tally=_tally_files,
    ),
    Contender(
        name="ssh-default",
        what="the same with OpenSSH's default algorithms",
        prepare=_openssh((), _script),
        tally=_tally_files,
    ),
    Contender(
        name="ssh-reference",
        what="as ssh-tuned, with the reference script instead of Decant's",
        prepare=_openssh(_TUNED, _reference),
        tally=_tally_files,
        reference=True,
    ),
    Contender(
        name="ssh-handshake",
        what="as ssh-tuned, running `echo` alone: the handshake",
        prepare=_openssh(_TUNED, _nothing, lambda _bout: "echo ' end '"),
        tally=_tally_files,
    ),
    Contender(
        name="ssh-answer",
        what="as ssh-tuned, running `cat` of one kept answer: the handshake and the passing on of "
        "as many bytes",
        prepare=_openssh(_TUNED, _nothing, lambda bout: f"cat {shlex.quote(str(bout.answer))}"),
        tally=_tally_files,
    ),
    Contender(
        name="script-alone",
        what="Decant's script by `sh -s` on this machine, as many at once as there are processors: "
        "no network, no client",
        prepare=_alone(_script),
        tally=_tally_files,
        alone=True,
    ),
    Contender(
        name="reference-alone",
        what="the reference script in the same way",
        prepare=_alone(_reference),
        tally=_tally_files,
        reference=True,
        alone=True,
    ),
)
"""In the order of the table. Rounds run them forwards and backwards in turn."""
