"""The known_hosts format: which key is trusted for which server. See sshd(8)."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_WITH_PORT = re.compile(r"\[(.+)\]:\d+")
_HASHED = re.compile(r"\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)\Z")


@dataclass(frozen=True, kw_only=True)
class HostKey:
    """A server's public key."""

    type: str
    """As the key itself says: ``ssh-ed25519``, ``ssh-rsa`` …"""
    blob: bytes
    """The public key in SSH's own encoding."""

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` writes it: ``SHA256:…``."""
        digest = hashlib.sha256(self.blob).digest()
        return f"SHA256:{b64encode(digest).decode().rstrip('=')}"

    @property
    def line(self) -> str:
        """As known_hosts writes it after the server's name."""
        return f"{self.type} {b64encode(self.blob).decode()}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line: a key, and the servers that it is for."""

    names: tuple[str, ...]
    """Plain, with ``*`` and ``?``, negated with ``!``, or one hashed name."""
    key: HostKey
    place: Place
    revoked: bool = False
    authority: bool = False
    """Whether it is the key of an authority, which signs the certificates of these servers."""

    @property
    def is_plain(self) -> bool:
        """Whether every name can be compared as it stands."""
        return not any(re.search(r"[*?!|]", name) for name in self.names)

    @property
    def is_trusted(self) -> bool:
        """Whether the key itself is trusted as a server's."""
        return not (self.revoked or self.authority)

    def matches(self, name: str) -> bool:
        """Tell whether the key is for the server of this name."""
        if any(each.startswith("!") and _is_like(name, each[1:]) for each in self.names):
            return False
        return any(_is_like(name, each) for each in self.names)


@dataclass(frozen=True)
class KnownHosts:
    """All trusted and revoked keys of a run."""

    entries: tuple[Entry, ...]

    def of(self, name: str) -> tuple[Entry, ...]:
        """Return the trusted keys of the server that known_hosts calls ``name``."""
        return (*self._plain.get(name, ()), *(each for each in self._others if each.matches(name)))

    def authorities(self, name: str) -> tuple[Entry, ...]:
        """Return the authorities whose certificates count for a server.

        As in OpenSSH, a line may leave the port out: the certificate names the server itself.
        """
        names = {name, host_of(name)}
        return tuple(each for each in self._authorities if any(map(each.matches, names)))

    def revocation(self, name: str, key: HostKey) -> Entry | None:
        """Return the line that revokes this key for this server, if there is one."""
        names = {name, host_of(name)}
        for each in self._revoked:
            if each.key == key and any(map(each.matches, names)):
                return each
        return None

    @cached_property
    def _plain(self) -> dict[str, list[Entry]]:
        index: dict[str, list[Entry]] = {}
        for each in self.entries:
            if each.is_plain and each.is_trusted:
                for name in each.names:
                    index.setdefault(name.lower(), []).append(each)
        return index

    @cached_property
    def _others(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.is_trusted and not each.is_plain)

    @cached_property
    def _revoked(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.revoked)

    @cached_property
    def _authorities(self) -> tuple[Entry, ...]:
        return tuple(each for each in self.entries if each.authority)


def name_of(host: str, port: int) -> str:
    """Return what known_hosts calls a server: its host, or ``[host]:port`` for another port."""
    name = host.lower()
    return name if port == 22 else f"[{name}]:{port}"  # noqa: PLR2004  SSH's own port


def host_of(name: str) -> str:
    """Return the server's own name out of what known_hosts calls it."""
    found = _WITH_PORT.fullmatch(name)
    return found[1] if found else name


def parse(lines: Iterable[str], file: Path) -> Iterator[Entry]:
    """Yield the keys of a known_hosts file.

    Lines that cannot be read are passed over, as OpenSSH does: the servers that they name are then
    not known, and refused.

    Raises:
        BadInputError: a line that revokes a key cannot be read, so the key might be trusted.

    """
    for number, line in enumerate(lines, 1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        place = Place(file=file, line=number)
        mark = fields[0] if fields[0] in {"@revoked", "@cert-authority"} else ""
        entry = _entry(fields[1:] if mark else fields, place, mark)
        if entry:
            yield entry
        elif mark == "@revoked":
            raise BadInputError(
                "this line revokes a key that cannot be read",
                hint="mend the line; the key might be trusted otherwise",
                place=place,
            )


def _entry(fields: list[str], place: Place, mark: str) -> Entry | None:
    if len(fields) < 3:  # noqa: PLR2004  names, type, key
        return None
    names, kind, encoded = fields[:3]
    try:
        blob = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    if blob[4 : 4 + int.from_bytes(blob[:4])] != kind.encode():
        return None
    key = HostKey(type=kind, blob=blob)
    return Entry(
        names=tuple(names.split(",")),
        key=key,
        place=place,
        revoked=mark == "@revoked",
        authority=mark == "@cert-authority",
    )


def _is_like(name: str, pattern: str) -> bool:
    if hashed := _HASHED.match(pattern):
        try:
            salt, digest = (b64decode(part) for part in hashed.groups())
        except binascii.Error:
            return False
        return hmac.compare_digest(hmac.digest(salt, name.encode(), "sha1"), digest)
    wild = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, name) is not None
