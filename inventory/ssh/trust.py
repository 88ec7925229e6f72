"""Whether a server is the one that is trusted, by the host key it shows."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, HostKeyError, Place
from inventory.ssh.host_certificate import read_certificate
from inventory.ssh.known_hosts import HostKey, KnownHosts, host_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from inventory.ssh.known_hosts import Entry


class Trusts:
    """What a run trusts: each set of known_hosts files is read once."""

    def __init__(self, accept_new_into: Path | None) -> None:
        """Record the keys of new servers into this file; None refuses new servers."""
        self._record_into = accept_new_into and accept_new_into.expanduser()
        self._read: dict[tuple[Path, ...], HostTrust] = {}
        self._accepted: dict[str, HostKey] = {}
        self._lock = threading.Lock()

    def of(self, files: tuple[Path, ...]) -> HostTrust:
        """Return what these files trust; one that does not exist is passed over.

        Raises:
            BadInputError: a file cannot be read; the message names it.

        """
        with self._lock:
            if files not in self._read:
                self._read[files] = HostTrust(files, self._record_into, self._accepted)
            return self._read[files]


class HostTrust:
    """Some known_hosts files, as they were read. Safe to use from many threads."""

    def __init__(
        self, files: Iterable[Path], record_into: Path | None, accepted: dict[str, HostKey]
    ) -> None:
        """Read the files; ``accepted`` are the keys that the whole run has accepted as new.

        Raises:
            BadInputError: a file cannot be read; the message names it.

        """
        self._record_into = record_into
        wanted = [file.expanduser() for file in files]
        if record_into:
            wanted.append(record_into)
        entries = [entry for file in dict.fromkeys(wanted) for entry in _read(file)]
        self._known = KnownHosts(tuple(entries))
        self._accepted = accepted
        self._lock = threading.Lock()

    def types(self, name: str) -> tuple[str, ...]:
        """Return the types of the keys that are known for a server, in the order of the files."""
        return tuple(dict.fromkeys(entry.key.type for entry in self._known.of(name)))

    def has_authority(self, name: str) -> bool:
        """Tell whether a certificate could prove the server."""
        return bool(self._known.authorities(name))

    def is_new(self, name: str) -> bool:
        """Tell whether the server was first seen, and accepted, in this very run."""
        return name in self._accepted

    def verify(self, name: str, key: HostKey, certificate: bytes | None = None) -> None:
        """Return when ``key`` is trusted for the server that known_hosts calls ``name``.

        A certificate that a trusted authority signed for this server vouches for its key. The key
        of a server that is not known is recorded, if the run accepts new keys.

        Raises:
            HostKeyError: the key or its authority is revoked, not known, or another than the one
                known; or the certificate is no proof.

        """
        self._heed_revocation(name, key, "host key")
        known = self._known.of(name)
        if any(entry.key == key for entry in known):
            return
        if certificate and self._vouches(name, certificate):
            return
        if known:
            raise _changed(name, key, known)
        self._accept(name, key)

    def _vouches(self, name: str, blob: bytes) -> bool:
        """Tell whether an authority that is trusted for this server vouches for it."""
        try:
            certificate = read_certificate(blob)
        except ValueError:
            return False
        self._heed_revocation(name, certificate.authority, "certificate authority")
        if all(each.key != certificate.authority for each in self._known.authorities(name)):
            return False
        fault = certificate.fault(host_of(name), datetime.now(UTC))
        if fault:
            raise HostKeyError(
                f"the certificate {certificate.key_id!r} of {name} proves nothing: {fault}",
                hint="have its host key signed anew (ssh-keygen -s CA -h -I ID -n NAME)",
            )
        return True

    def _heed_revocation(self, name: str, key: HostKey, what: str) -> None:
        revocation = self._known.revocation(name, key)
        if revocation:
            raise HostKeyError(
                f"the {what} {key.fingerprint} of {name} is revoked by {revocation.place}",
                hint="do not connect; find out why the key was revoked",
            )

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
