"""What was picked of sudoers, of the SSH server's configuration and of keys → facts."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any, Final

from inventory.collectors._sshd_config import MAIN, read_sshd_config
from inventory.collectors._sudoers import read_sudoers
from inventory.collectors._text import by_file
from inventory.model.accounts import (
    AUTHORIZED_KEYS,
    HOST_KEYS,
    SSH_SERVER,
    SUDO_ALIASES,
    SUDO_RULES,
    SUDO_UNREAD,
    AuthorizedKey,
    HostKey,
)
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.collector import Answer
    from inventory.model.fact import FactKey, Observation

_SUDOERS: Final = ("/etc/sudoers", "/usr/local/etc/sudoers", "/usr/etc/sudoers")
"""On FreeBSD, and as SUSE ships it, it is not in /etc."""
HOST_KEY_FILES: Final = "/etc/ssh/ssh_host_*_key.pub"
_ROOT_HOME: Final = "/root"
_KEY_WORDS = 2


def read_access(answer: Answer) -> tuple[Observation, ...]:
    """Return who may get in by which key, how, and what they may do by sudo."""
    files = by_file(answer.text)
    said = _Said(answer.text)
    return (
        *_sudo(files, said),
        _ssh(files, said),
        _authorized(files, said),
        _host_keys(answer.files),
    )


class _Said:
    """Which files the script says are there, were read, and may not be read."""

    def __init__(self, text: str) -> None:
        words = [line.partition(":") for line in text.splitlines()]
        self.there = [path for word, _, path in words if word == "there"]
        self.read = {path for word, _, path in words if word == "read"}
        self.whole = any(word == "looked" for word, _, _ in words)
        self.denied = [
            path for word, _, path in words if word == "denied" and not self._was_read(path)
        ]

    def _was_read(self, path: str) -> bool:
        return path in self.read or any(each.startswith(f"{path}/") for each in self.read)

    def denied_below(self, *folders: str) -> list[str]:
        return [each for each in self.denied if each.startswith(folders)]

    def missing(self, key: FactKey[Any], path: str) -> Observation:
        if path in self.denied:
            return key.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {path}")
        why = f"{path} was not read" if path in self.there else f"there is no {path}"
        return key.unknown(Reason.NOT_TOLD, why)


def _sudo(files: Mapping[str, list[str]], said: _Said) -> tuple[Observation, ...]:
    keys: tuple[FactKey[Any], ...] = (SUDO_RULES, SUDO_ALIASES, SUDO_UNREAD)
    main = next((path for path in _SUDOERS if path in said.there), None)
    if main is None:
        if said.whole:
            return tuple(key.known(()) for key in keys)
        return tuple(key.unknown(Reason.NOT_TOLD, "the search broke off") for key in keys)
    if main not in said.read:
        return tuple(said.missing(key, main) for key in keys)
    told = read_sudoers({path: files[path] for path in files if _is_sudoers(path)})
    unread = (*told.includes, *said.denied_below(*_SUDOERS))
    return (
        SUDO_RULES.known(told.rules),
        SUDO_ALIASES.known(told.aliases),
        SUDO_UNREAD.known(tuple(dict.fromkeys(unread))),
    )


def _is_sudoers(path: str) -> bool:
    """Tell whether sudo reads a file: in its folders none with a dot in its name, or a tilde."""
    folder, _, name = path.rpartition("/")
    if folder.endswith("/sudoers.d"):
        return "." not in name and not name.endswith("~")
    return path in _SUDOERS


def _ssh(files: Mapping[str, list[str]], said: _Said) -> Observation:
    main = next((path for path in MAIN if path in said.there), MAIN[0])
    if main not in said.read:
        return said.missing(SSH_SERVER, main)
    mine = {path: files.get(path, []) for path in said.read if path.startswith(MAIN)}
    return SSH_SERVER.known(read_sshd_config(main, mine, said.denied_below(*MAIN)))


def _authorized(files: Mapping[str, list[str]], said: _Said) -> Observation:
    if not said.read & {*_SUDOERS, _ROOT_HOME}:
        if _ROOT_HOME in said.denied:
            return AUTHORIZED_KEYS.unknown(Reason.NEEDS_PRIVILEGE, "only root may look into /root")
        return AUTHORIZED_KEYS.unknown(Reason.NOT_TOLD, "nobody looked into /root")
    unread = [path for path in said.there if "/.ssh/" in path and path not in said.read]
    if unread:
        return AUTHORIZED_KEYS.unknown(Reason.NOT_TOLD, f"{unread[0]} was not read")
    found = [
        key
        for path, lines in sorted(files.items())
        if path.rpartition("/")[2].startswith("authorized_keys")
        for line in lines
        if (key := _key(path, line.split())) is not None
    ]
    return AUTHORIZED_KEYS.known(tuple(dict.fromkeys(found)))


def _key(path: str, words: list[str]) -> AuthorizedKey | None:
    fingerprint = _fingerprint(words)
    if fingerprint is None:
        return None
    comment = " ".join(words[_KEY_WORDS:]) or None
    return AuthorizedKey(file=path, kind=words[0], fingerprint=fingerprint, comment=comment)


def _host_keys(files: Mapping[str, str]) -> Observation:
    found = {
        HostKey(kind=words[0], fingerprint=fingerprint)
        for path, content in files.items()
        if path.startswith("/etc/ssh/ssh_host_") and path.endswith("_key.pub")
        for words in (content.split(),)
        if (fingerprint := _fingerprint(words)) is not None
    }
    if not found:
        return HOST_KEYS.unknown(Reason.NOT_TOLD, f"there is no {HOST_KEY_FILES}")
    return HOST_KEYS.known(tuple(sorted(found)))


def _fingerprint(words: list[str]) -> str | None:
    """Return the fingerprint of ``KIND BASE64``, as OpenSSH writes it; None when it is no key."""
    if len(words) < _KEY_WORDS:
        return None
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"
