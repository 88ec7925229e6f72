"""How a server is reached: what was typed, the estate's sites and ssh_config, put together.

What was typed wins over the site, and the site over ssh_config.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.errors import AccessRefusedError, UnreachableError, UsageError
from inventory.model.target import Target
from inventory.ssh.algorithms import Algorithms
from inventory.ssh.config import Settings, open_config
from inventory.ssh.config_file import seconds_of
from inventory.ssh.known_hosts import name_of
from inventory.ssh.tokens import Tokens

if TYPE_CHECKING:
    from inventory.model.asking import Access
    from inventory.model.site import Site

_PORT = 22
_USER_CONFIG = Path("~/.ssh/config")
_SYSTEM_CONFIG = Path("/etc/ssh/ssh_config")
_USUAL_KNOWN_HOSTS = (Path("~/.ssh/known_hosts"), Path("~/.ssh/known_hosts2"))
_SYSTEM_KNOWN_HOSTS = (Path("/etc/ssh/ssh_known_hosts"), Path("/etc/ssh/ssh_known_hosts2"))


@dataclass(frozen=True, kw_only=True)
class KeyChoice:
    """Which keys are offered to one server, beside those that were named for the run."""

    files: tuple[Path, ...] = ()
    """Private keys that ssh_config names; empty means the usual ones, unless the run named some."""
    certificates: tuple[Path, ...] = ()
    only: bool = False
    """Whether the agent may offer no other keys than these."""
    agent: str | None = None
    """Path of the agent's socket; None uses no agent."""


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One server on the way, and how to get to it from the one before."""

    typed: str
    host: str
    port: int
    user: str
    known_as: str
    """What known_hosts calls it."""
    known_hosts: tuple[Path, ...]
    keys: KeyChoice
    algorithms: Algorithms
    connect_seconds: float | None = None
    """None leaves it to the run's limits."""
    command: str | None = None
    """What connects to it, in place of a connection of our own."""
    jump: Hop | None = None
    """The jump host in front of it."""
    site: Site | None = None

    def __str__(self) -> str:
        """Name it as it was typed; its port is told unless ssh_config knows it by that name."""
        plain = self.port == _PORT or self.typed != self.host
        return self.typed if plain else f"{self.typed}:{self.port}"


class Routes:
    """Finds each server's way in. Safe to use from many threads."""

    def __init__(self, access: Access) -> None:
        """Read ssh_config.

        Raises:
            BadInputError: a file cannot be read, or a line that counts has no sense.

        """
        self._access = access
        self._config = open_config(_config_files(access))
        self._own_name = _own_name()

    @property
    def usual_known_hosts(self) -> tuple[Path, ...]:
        """Return the files that count for a server of which ssh_config says nothing."""
        return self._known_hosts(None, Settings())

    def to(self, target: Target) -> Hop:
        """Return the server as the last hop of the way to it.

        Raises:
            UnreachableError: its jump host is malformed, or jump hosts go round in a circle.
            AccessRefusedError: there is no user name to log in with.

        """
        return self._hop(target, trail=())

    def _hop(self, target: Target, *, trail: tuple[str, ...], behind: Hop | None = None) -> Hop:
        port = target.port if target.port_typed or target.port != _PORT else None
        said = self._config.of(target.host, user=target.user, port=port, own_name=self._own_name)
        host = said.one("hostname")
        tokens = Tokens(
            typed=target.host,
            host=Tokens.in_host_name(host, target.host) if host else target.host,
            port=port or int(said.one("port") or _PORT),
            user=target.user or said.one("user") or _given(self._own_name),
            own_name=self._own_name,
            alias=said.one("hostkeyalias"),
        )
        site = self._site(target.host, tokens.host)
        hop = self._alone(tokens, said, site)
        if behind:
            return replace(hop, jump=behind)
        way = (*trail, f"{hop.user}@{hop.host}:{hop.port}")
        if way[-1] in trail:
            raise UnreachableError(
                f"its jump hosts go round in a circle: {' ← '.join(way)}",
                hint="mend ProxyJump in ssh_config, or jump in decant.toml",
            )
        if site and site.jump and not trail:
            return replace(hop, jump=self._jumps(site.jump, way))
        return self._led(hop, said, tokens, way)

    def _led(self, hop: Hop, said: Settings, tokens: Tokens, way: tuple[str, ...]) -> Hop:
        """Lead to it as ssh_config says: by whichever of the two it gives first."""
        first = said.first("proxyjump", "proxycommand")
        written = said.one(first) if first else None
        if not first or not written or written.lower() == "none":
            return hop
        if first == "proxycommand":
            return replace(hop, command=tokens.expand(written))
        return replace(hop, jump=self._jumps(tokens.expand(written), way))

    def _jumps(self, written: str, way: tuple[str, ...]) -> Hop:
        """Return the last of ``[user@]host[:port],…``, each behind the one before."""
        last: Hop | None = None
        for each in written.split(","):
            try:
                target = Target.parse(each.strip())
            except UsageError as error:
                raise UnreachableError(
                    f"its jump host is {error}", hint="write user@server:port"
                ) from error
            last = self._hop(target, trail=way, behind=last)
        if last is None:
            raise ValueError("a list of jump hosts is never empty")
        return last

    def _alone(self, tokens: Tokens, said: Settings, site: Site | None) -> Hop:
        return Hop(
            typed=tokens.typed,
            host=tokens.host,
            port=tokens.port,
            user=tokens.user,
            known_as=tokens.alias.lower() if tokens.alias else name_of(tokens.host, tokens.port),
            known_hosts=self._known_hosts(tokens, said),
            keys=self._keys(tokens, said),
            algorithms=Algorithms(
                kex=said.one("kexalgorithms"),
                ciphers=said.one("ciphers"),
                macs=said.one("macs"),
                host_keys=said.one("hostkeyalgorithms"),
            ),
            connect_seconds=seconds_of(said.one("connecttimeout")),
            site=site,
        )

    def _known_hosts(self, tokens: Tokens | None, said: Settings) -> tuple[Path, ...]:
        own = self._access.estate_known_hosts
        beside = (own,) if own else ()
        if self._access.known_hosts:
            return (*self._access.known_hosts, *beside)
        users = _paths(tokens, said.many("userknownhostsfile"))
        systems = _paths(tokens, said.many("globalknownhostsfile"))
        return (
            *(_USUAL_KNOWN_HOSTS if users is None else users),
            *(_SYSTEM_KNOWN_HOSTS if systems is None else systems),
            *beside,
        )

    def _keys(self, tokens: Tokens, said: Settings) -> KeyChoice:
        return KeyChoice(
            files=_paths(tokens, said.many("identityfile")) or (),
            certificates=_paths(tokens, said.many("certificatefile")) or (),
            only=(said.one("identitiesonly") or "").lower() in {"yes", "true"},
            agent=_agent(tokens, said.one("identityagent")) if self._access.use_agent else None,
        )

    def _site(self, typed: str, host: str) -> Site | None:
        sites = self._access.sites
        return next((each for each in sites if each.holds(typed) or each.holds(host)), None)


def _config_files(access: Access) -> list[tuple[Path, Path, bool]]:
    """List each file with the folder of its relative names, and whether it must be there."""
    user, system = _USER_CONFIG.parent, _SYSTEM_CONFIG.parent
    if access.ssh_config is None:
        return [(_USER_CONFIG, user, False), (_SYSTEM_CONFIG, system, False)]
    return [(file, user, True) for file in access.ssh_config]


def _paths(tokens: Tokens | None, written: tuple[str, ...]) -> tuple[Path, ...] | None:
    """Return the paths; none for ``none``, None when nothing is written."""
    if not written or not tokens:
        return None
    paths = [tokens.path(each) for each in written if each.lower() != "none"]
    return tuple(path for path in paths if path)


def _agent(tokens: Tokens, written: str | None) -> str | None:
    if written is None or written == "SSH_AUTH_SOCK":
        return os.environ.get("SSH_AUTH_SOCK") or None
    if written.lower() == "none":
        return None
    if written.startswith("$") and not written.startswith("${"):
        return os.environ.get(written[1:]) or None
    path = tokens.path(written)
    return str(path) if path else None


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _given(own_name: str) -> str:
    if not own_name:
        raise AccessRefusedError(
            "there is no user name to log in with", hint="write ssh://USER@server"
        )
    return own_name
