"""The private keys that a run offers: from files and agents, with their certificates. Loaded once.

The order is: the files that were named, those of ssh_config or else the usual ones, then the
agent's. A key's certificates go before the key itself.
"""

from __future__ import annotations

import copy
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from paramiko.pkey import PKey, UnknownKeyType
from paramiko.ssh_exception import SSHException

from inventory.errors import BadInputError, Place
from inventory.secret import fetch
from inventory.ssh.agents import Agents
from inventory.ssh.certificates import Certificate, certificate_beside, read_public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.model.asking import Access
    from inventory.ssh.route import KeyChoice

_DEFAULTS = ("id_ed25519", "id_ecdsa", "id_rsa")
_LOCKED = (
    "the private key is locked by a passphrase",
    (
        "unlock it into the agent with ssh-add, and do not name the file; "
        "or say with --passphrase-from where the passphrase is"
    ),
)
_UNUSABLE = (SSHException, UnknownKeyType, UnsupportedAlgorithm, ValueError, TypeError)


@dataclass(frozen=True, kw_only=True)
class Identities:
    """The keys to offer to one server, in order. Never written anywhere, never shown."""

    keys: tuple[PKey, ...]
    passed_over: tuple[str, ...] = ()
    """Which files could not be used, and why."""


class KeyRing:
    """All keys of a run. Safe to use from many threads."""

    def __init__(self, access: Access) -> None:
        """Load the files that were named.

        Raises:
            BadInputError: one cannot be used, or the passphrase is not to be had.

        """
        self._passphrase = fetch(access.passphrase, os.environ).value if access.passphrase else None
        self._named = tuple(path.expanduser() for path in access.identities)
        self._files: dict[Path, PKey | BadInputError] = {}
        self._chosen: dict[KeyChoice, Identities] = {}
        self._agents = Agents()
        self._lock = threading.Lock()
        for path in self._named:
            loaded = self._load(path)
            if isinstance(loaded, BadInputError):
                raise loaded

    def offered(self, choice: KeyChoice) -> Identities:
        """Return what is offered to a server of this choice."""
        with self._lock:
            if choice not in self._chosen:
                self._chosen[choice] = self._choose(choice)
            return self._chosen[choice]

    def close(self) -> None:
        """Leave the agents."""
        self._agents.close()

    def _choose(self, choice: KeyChoice) -> Identities:
        usual = () if self._named or choice.files else _usual()
        files = tuple(dict.fromkeys((*self._named, *choice.files, *usual)))
        certificates = tuple(_certificates((*choice.certificates, *map(certificate_beside, files))))
        keys: list[PKey] = []
        unusable: dict[Path, str] = {}
        public = {path: read_public(path) for path in files}
        for path in files:
            loaded = self._load(path)
            if isinstance(loaded, PKey):
                keys += _with_certificates(loaded, certificates)
            elif path.exists():
                unusable[path] = loaded.message
        only = {each for each in public.values() if each} if choice.only else None
        held = self._agents.keys(choice.agent, only=only, certificates=certificates)
        in_agent = {key.asbytes() for key in held}
        return Identities(
            keys=_once((*keys, *held)),
            passed_over=tuple(
                f"{path}: {why}" for path, why in unusable.items() if public[path] not in in_agent
            ),
        )

    def _load(self, path: Path) -> PKey | BadInputError:
        if path not in self._files:
            self._files[path] = _read(path, self._passphrase)
        return self._files[path]


def _usual() -> tuple[Path, ...]:
    folder = Path("~/.ssh").expanduser()
    return tuple(folder / name for name in _DEFAULTS)


def _read(path: Path, passphrase: str | None) -> PKey | BadInputError:
    """Load a key, without its certificate: which of those is offered is decided elsewhere."""
    message, hint = "this is no private key that can be used", "name an Ed25519, ECDSA or RSA key"
    try:
        return _bare(PKey.from_path(path))
    except OSError as error:
        message, hint = f"the private key cannot be read: {error.strerror}", "name a readable file"
    except _UNUSABLE as error:
        if _is_lock(error) and passphrase is None:
            message, hint = _LOCKED
        elif _is_lock(error) and passphrase is not None:
            unlocked = _unlocked(path, passphrase)
            if unlocked:
                return unlocked
            message, hint = "the passphrase does not open this private key", "name the right one"
    return BadInputError(message, hint=hint, place=Place(file=path))


def _unlocked(path: Path, passphrase: str) -> PKey | None:
    word = passphrase.encode("utf-8", "surrogateescape")
    try:
        # What is said to want text hands it on to what wants bytes, and takes those as well.
        return _bare(PKey.from_path(path, word))  # type: ignore[arg-type]  # see above
    except _UNUSABLE:
        return None


def _bare(key: PKey) -> PKey:
    key.public_blob = None
    return key


def _is_lock(error: Exception) -> bool:
    said = str(error).lower()
    return "password" in said or "encrypted" in said


def _certificates(paths: Iterable[Path]) -> Iterator[Certificate]:
    for path in dict.fromkeys(paths):
        certificate = Certificate.read(path)
        if certificate:
            yield certificate


def _with_certificates(key: PKey, certificates: tuple[Certificate, ...]) -> Iterator[PKey]:
    for each in certificates:
        if each.public == key.asbytes():
            certified = copy.copy(key)
            certified.load_certificate(each.line)
            yield certified
    yield key


def _once(keys: tuple[PKey, ...]) -> tuple[PKey, ...]:
    found: dict[bytes, PKey] = {}
    for key in keys:
        blob = key.public_blob.key_blob if key.public_blob else key.asbytes()
        found.setdefault(blob, key)
    return tuple(found.values())
