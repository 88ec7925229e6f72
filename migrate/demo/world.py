"""What the demo's script needs of the world it plays in, whether servers are real or recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from inventory.errors import MissingExtraError, UnreachableError
from migrate.demo.fleet_keys import make_key, write_private


@dataclass(frozen=True, kw_only=True)
class Clouds:
    """The clouds of the demo, both on loopback."""

    environment: Mapping[str, str]
    """How a process finds them and may ask them. Made up for the demo, and worth nothing."""
    instance: str
    """The EC2 instance that replaces web-1."""
    vm: str
    """The Azure virtual machine that replaces cache-1, by its resource id."""
    subscription: str


APPROVERS: Final = {"SBC": "Jane Doe", "EHDC": "Tom Roe"}
"""Partner → who may approve for it. Made up."""
TESTS: Final = "the demo's tests"
"""Who signs what is tested and done."""
SIGNERS: Final = (*APPROVERS.values(), TESTS)


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key that somebody signs with."""

    path: Path
    """Its private half."""
    public: str
    """Its public half, as ``ssh-keygen`` writes it."""


def make_signers(folder: Path, names: Sequence[str]) -> dict[str, SigningKey]:
    """Make a key in the folder for each of those who sign."""
    found = {}
    for number, name in enumerate(names):
        made, path = make_key(), folder / f"signer-{number}"
        write_private(path, made)
        found[name] = SigningKey(path=path, public=made.public)
    return found


@dataclass(frozen=True, kw_only=True)
class World:
    """Servers and clouds, ready to be asked, and the things that people do to them."""

    about: str
    """What the servers are, in plain words."""
    targets: Mapping[str, str]
    """Server's name → where it is asked."""
    clouds: Clouds
    key: Path
    known_hosts: Path
    signers: Mapping[str, SigningKey]
    """Who signs: the approvers by name, and :data:`TESTS` for what is tested and done."""
    command: Callable[[Sequence[str]], list[str]]
    """The command line by which a command of this machine reaches the servers."""
    visitors_leave: Callable[[], None]
    """The visitors of web-1 go to its replacement."""
    application_moves_cache: Callable[[], None]
    """app-1 uses the replacement of cache-1 from now on."""
    somebody_changes: Callable[[], None]
    """A new listener is started on the replacement of cache-1."""
    is_off: Callable[[str], bool]
    """Whether a server is really switched off, seen without Decant."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Server's name → parameters of its move's checks, where the playbook's do not fit."""


@contextmanager
def loopback_clouds(
    folder: Path, command: Callable[[Sequence[str]], list[str]]
) -> Iterator[Callable[[], Clouds]]:
    """Run the clouds in a process of their own, started by way of ``command``.

    Yields at once, while they still start, what waits for them and says how they are reached. It
    raises MissingExtraError when moto is not installed, and UnreachableError when the process
    ended before it said anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        command([sys.executable, "-m", "migrate.demo.clouds", str(folder)]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield lambda: _read(process.stdout.readline() if process.stdout else "")
        finally:
            if process.stdin:
                process.stdin.close()


def _read(line: str) -> Clouds:
    if not line:
        raise UnreachableError("the demo's clouds did not start", hint="see what is said above")
    told = json.loads(line)
    if "fault" in told:
        raise MissingExtraError(told["fault"], hint=told["hint"])
    return Clouds(**told)
