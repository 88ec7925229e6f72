"""Whether a server is the one that is trusted, by the host key it shows."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, HostKeyError, Place
from inventory.ssh.known_hosts import HostKey, KnownHosts, parse

if TYPE_CHECKING:
    from pathlib import Path

    from inventory.model.asking import Access
    from inventory.ssh.known_hosts import Entry


class HostTrust:
    """The known_hosts files, read once a run. Safe to use from many threads."""

    def __init__(self, access: Access) -> None:
        """Read the files; one that does not exist is passed over.

        Raises:
            BadInputError: a file cannot be read; the message names it.

        """
        self._record_into = access.accept_new_into and access.accept_new_into.expanduser()
        files = [file.expanduser() for file in access.known_hosts]
        if self._record_into:
            files.append(self._record_into)
        entries = [entry for file in dict.fromkeys(files) for entry in _read(file)]
        self._known = KnownHosts(tuple(entries))
        self._accepted: dict[str, HostKey] = {}
        self._lock = threading.Lock()

    def types(self, name: str) -> tuple[str, ...]:
        """Return the types of the keys that are known for a server, in the order of the files."""
        return tuple(dict.fromkeys(entry.key.type for entry in self._known.of(name)))

    def verify(self, name: str, key: HostKey) -> None:
        """Return when ``key`` is trusted for the server that known_hosts calls ``name``.

        The key of a server that is not known is recorded, if the run accepts new keys.

        Raises:
            HostKeyError: the key is revoked, not known, or another than the one known.

        """
        revocation = self._known.revocation(name, key)
        if revocation:
            raise HostKeyError(
                f"the host key {key.fingerprint} of {name} is revoked by {revocation.place}",
                hint="do not connect; find out why the key was revoked",
            )
        known = self._known.of(name)
        if any(entry.key == key for entry in known):
            return
        if known:
            raise _changed(name, key, known)
        self._accept(name, key)

    def _accept(self, name: str, key: HostKey) -> None:
        if self._record_into is None:
            raise HostKeyError(
                f"the host key of {name} is not known: {key.type} {key.fingerprint}",
                hint="check the fingerprint, then add the key with ssh-keyscan, "
                "or give --accept-new-host-keys",
            )
        with self._lock:
            accepted = self._accepted.setdefault(name, key)
            if accepted is key:
                _record(self._record_into, name, key)
        if accepted != key:
            raise HostKeyError(
                f"{name} showed two host keys in one run: "
                f"{accepted.fingerprint}, then {key.fingerprint}",
                hint="find out which servers answer at this address",
            )


def _changed(name: str, key: HostKey, known: tuple[Entry, ...]) -> HostKeyError:
    trusted = ", ".join(f"{each.key.type} {each.key.fingerprint} ({each.place})" for each in known)
    return HostKeyError(
        f"the host key of {name} has changed: trusted is {trusted}, "
        f"but it showed {key.type} {key.fingerprint}",
        hint="somebody may be in between; if the server was rebuilt, replace the key "
        f"(ssh-keygen -R '{name}', then add the new one)",
    )


def _read(file: Path) -> list[Entry]:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return list(parse(lines, file))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadInputError(
            f"the known hosts cannot be read: {error.strerror}",
            hint="make the file readable, or leave it out",
            place=Place(file=file),
        ) from error


def _record(file: Path, name: str, key: HostKey) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        with os.fdopen(os.open(file, flags, 0o600), "r+b", buffering=0) as known:
            size = known.seek(0, os.SEEK_END)
            complete = size == 0 or os.pread(known.fileno(), 1, size - 1) == b"\n"
            known.write(f"{'' if complete else chr(10)}{name} {key.line}\n".encode())
    except OSError as error:
        raise HostKeyError(
            f"the host key of {name} cannot be recorded in {file}: {error.strerror}",
            hint="make the file writable, or record the keys elsewhere",
        ) from error
