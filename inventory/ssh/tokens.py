"""The tokens of ssh_config(5): ``%h`` and the like, ``~`` and ``${VARIABLE}``."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"%(.)")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What the tokens stand for, for one server."""

    typed: str
    """The server as it was typed."""
    host: str
    port: int
    user: str
    own_name: str
    """The local user's."""
    alias: str | None = None
    jump: str = ""

    def expand(self, text: str) -> str:
        """Put each token's meaning in its place; one that is not known stays as it is."""
        return _TOKEN.sub(lambda found: self._meaning(found[1]) or found[0], text)

    def path(self, text: str) -> Path | None:
        """Return a path with its tokens, ``~`` and variables; None when a variable is not set."""
        names = _VARIABLE.findall(text)
        if any(name not in os.environ for name in names):
            return None
        filled = _VARIABLE.sub(lambda found: os.environ[found[1]], self.expand(text))
        return Path(filled).expanduser()

    @staticmethod
    def in_host_name(text: str, typed: str) -> str:
        """Expand the two tokens that a ``HostName`` may hold."""
        meanings = {"h": typed, "%": "%"}
        return _TOKEN.sub(lambda found: meanings.get(found[1], found[0]), text)

    def _meaning(self, letter: str) -> str | None:
        plain = {"%": "%", "h": self.host, "n": self.typed, "p": str(self.port), "r": self.user}
        plain |= {"u": self.own_name, "k": self.alias or self.typed, "j": self.jump}
        if letter in plain:
            return plain[letter]
        asked: dict[str, Callable[[], str]] = {
            "C": self._digest,
            "d": lambda: str(Path.home()),
            "i": lambda: str(os.getuid()),
            "L": lambda: socket.gethostname().split(".")[0],
            "l": socket.getfqdn,
        }
        return asked[letter]() if letter in asked else None

    def _digest(self) -> str:
        parts = f"{socket.getfqdn()}{self.host}{self.port}{self.user}{self.jump}"
        return hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest()
