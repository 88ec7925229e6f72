"""ssh_config(5): what the user's and the system's files say of one server.

The first value that counts wins; ``IdentityFile`` and ``CertificateFile`` add up. ``Host`` and
``Match`` are told as OpenSSH tells them, except that no name is made canonical: ``Match canonical``
never counts, and ``CanonicalizeHostname`` is not heeded. ``Match exec`` runs its command here, once
a run for each wording, for at most ten seconds; a command that takes longer does not match.

What could weaken the verification of host keys (``StrictHostKeyChecking``, ``KnownHostsCommand``,
``NoHostAuthenticationForLocalhost``, ``UpdateHostKeys``) is not heeded at all.
"""

from __future__ import annotations

import functools
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.errors import BadInputError
from inventory.ssh.config_file import read_config
from inventory.ssh.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from inventory.ssh.config_file import Block, Directive

_SEVERAL = frozenset({"identityfile", "certificatefile"})
_EXEC_SECONDS = 10
_UNSUPPORTED = frozenset({"localnetwork", "tagged", "version", "sessiontype", "command"})
"""Criteria that count as not met: we have no tag, no command and no version of OpenSSH."""


@dataclass(frozen=True)
class Config:
    """The files of a run, read once."""

    blocks: tuple[Block, ...] = ()

    def of(self, name: str, *, user: str | None, port: int | None, own_name: str) -> Settings:
        """Return what counts for the server that is asked for under ``name``.

        ``user`` and ``port`` are those that were typed; ``own_name`` is the local user's.
        """
        lookup = _Lookup(name=name, user=user, port=port, own_name=own_name)
        lookup.walk(self.blocks, active=True)
        if lookup.wants_final:
            lookup.is_final = True
            lookup.walk(self.blocks, active=True)
        return Settings(lookup.found)


@dataclass(frozen=True)
class Settings:
    """What counts for one server, as it was written."""

    found: dict[str, list[Directive]] = field(default_factory=dict)

    def one(self, keyword: str) -> str | None:
        """Return the argument of a keyword; None when it is not given."""
        directives = self.found.get(keyword)
        return directives[0].arguments[0] if directives else None

    def many(self, keyword: str) -> tuple[str, ...]:
        """Return all arguments of a keyword, in order."""
        return tuple(each for one in self.found.get(keyword, ()) for each in one.arguments)

    def first(self, *keywords: str) -> str | None:
        """Return which of these was given first: it keeps the others from counting."""
        return next((name for name in self.found if name in keywords), None)


def open_config(files: Iterable[tuple[Path, Path, bool]]) -> Config:
    """Read files, each with the folder of its relative names and whether it must be there.

    Raises:
        BadInputError: one cannot be read, or a line that counts has no sense.

    """
    blocks: list[Block] = []
    for file, base, must_exist in files:
        blocks += read_config(file, base=base, must_exist=must_exist)
    _check(blocks)
    return Config(tuple(blocks))


class _Lookup:
    """One server's way through the files."""

    def __init__(self, *, name: str, user: str | None, port: int | None, own_name: str) -> None:
        self.found: dict[str, list[Directive]] = {}
        self.wants_final = False
        self.is_final = False
        self._name = name
        self._user = user
        self._port = port
        self._own_name = own_name

    def walk(self, blocks: Iterable[Block], *, active: bool) -> None:
        for block in blocks:
            counts = active and self._counts(block.condition)
            for each in block.directives:
                if each.keyword == "include":
                    self.walk(each.included, active=counts)
                elif counts:
                    self._take(each)

    def _take(self, directive: Directive) -> None:
        taken = self.found.setdefault(directive.keyword, [])
        if not taken or (directive.keyword in _SEVERAL and directive not in taken):
            taken.append(directive)

    def _counts(self, condition: Directive | None) -> bool:
        if condition is None:
            return True
        if condition.keyword == "host":
            return matches_list(self._name, condition.arguments)
        return all(self._meets(*each) for each in criteria(condition))

    def _meets(self, name: str, argument: str, negated: bool) -> bool:  # noqa: FBT001  it is unpacked
        if name == "final":
            self.wants_final = self.wants_final or not negated
        return self._is(name, argument) is not negated

    def _is(self, name: str, argument: str) -> bool:
        tokens = self._tokens()
        listed = argument.split(",")
        met: dict[str, Callable[[], bool]] = {
            "all": lambda: True,
            "final": lambda: self.is_final,
            "host": lambda: matches_list(tokens.host, listed),
            "originalhost": lambda: matches_list(self._name, listed),
            "user": lambda: matches_list(tokens.user, listed, exactly=True),
            "localuser": lambda: matches_list(self._own_name, listed, exactly=True),
            "exec": lambda: _succeeds(tokens.expand(argument)),
        }
        return met[name]() if name in met else False

    def _tokens(self) -> Tokens:
        """Return what tokens mean so far: later lines may still tell more."""
        said = Settings(self.found)
        host = said.one("hostname")
        return Tokens(
            typed=self._name,
            host=Tokens.in_host_name(host, self._name) if host else self._name,
            port=self._port or int(said.one("port") or 22),
            user=self._user or said.one("user") or self._own_name,
            own_name=self._own_name,
        )


def criteria(condition: Directive) -> Iterable[tuple[str, str, bool]]:
    """Yield the criteria of a ``Match``: name, argument, and whether it is negated.

    Raises:
        BadInputError: a criterion is unknown, or lacks its argument.

    """
    words = iter(condition.arguments)
    for word in words:
        name, equals, argument = word.lstrip("!").partition("=")
        name = name.lower()
        if name not in {"all", "canonical", "final"}:
            if name not in _UNSUPPORTED | {"host", "originalhost", "user", "localuser", "exec"}:
                raise _senseless(f"Match knows no criterion {name!r}", condition)
            if not equals:
                argument = next(words, "")
            if not argument and name not in {"tagged", "command"}:
                raise _senseless(f"Match {name} needs an argument", condition)
        yield name, argument, word.startswith("!")


def matches_list(text: str, patterns: Iterable[str], *, exactly: bool = False) -> bool:
    """Tell whether a pattern fits and no negated one does; case counts only when ``exactly``."""
    fits = False
    said = text if exactly else text.lower()
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        if _fits(said, wanted if exactly else wanted.lower()):
            if pattern.startswith("!"):
                return False
            fits = True
    return fits


def _fits(text: str, pattern: str) -> bool:
    wild = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, text) is not None


def _check(blocks: Iterable[Block]) -> None:
    for block in blocks:
        if block.condition and block.condition.keyword == "match":
            for _ in criteria(block.condition):
                pass
        for each in block.directives:
            _check(each.included)


@functools.cache
def _succeeds(command: str) -> bool:
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_EXEC_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _senseless(message: str, condition: Directive) -> BadInputError:
    return BadInputError(
        message,
        hint="mend the line (see ssh_config(5)), or give --ssh-config none",
        place=condition.place,
    )
