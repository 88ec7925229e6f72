"""The estate as it is declared in ``estate.toml``: what is there, who uses whom."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
LONE_ADDRESS: Final = "10.77.0.30"
"""Where a server that is alone is reached."""


class Init(Enum):
    """What is process 1 of a server."""

    SYSTEMD = "systemd"
    SYSVINIT = "sysvinit"
    OPENRC = "openrc"
    BUSYBOX = "busybox"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """An application that runs on a server."""

    id: str
    """As Decant's fingerprints call it."""
    version: str | None
    """What its version begins with; None where nothing on the server tells one."""
    ports: tuple[str, ...]
    """What it listens on, ``80/tcp``; loopback counts, too."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One server."""

    name: str
    address: str
    root: str
    """Name of the root that it starts from."""
    system: str
    """What the name that its operating system gives itself begins with."""
    services: tuple[str, ...]
    """Some that run and start at boot, as the service manager calls them."""
    parts: tuple[Part, ...]
    """What its applications consist of."""
    applications: tuple[Expected, ...]
    """All that run, whatever they are for: SSH itself is one."""

    @property
    def ports(self) -> frozenset[str]:
        """All that it listens on."""
        return frozenset(port for each in self.applications for port in each.ports)


@dataclass(frozen=True, kw_only=True, order=True)
class Link:
    """One end uses a service of the other."""

    client: str
    """Name of a server, or an address that is no server's."""
    server: str
    port: str
    """What is served, ``5432/tcp``."""
    by: str | None = field(default=None, compare=False)
    """Identifier of the application that uses it; the program where it is none; None where that
    does not show."""


@dataclass(frozen=True, kw_only=True, order=True)
class Part:
    """A part of an application."""

    server: str
    application: str
    """Identifier of the application."""
    kind: str
    """``site``, ``database`` … as Decant has it."""
    name: str


@dataclass(frozen=True, kw_only=True)
class RootPlan:
    """What a root is made from."""

    name: str
    suite: str
    """Release of Debian whose packages it holds."""
    packages: tuple[str, ...]
    init: Init
    """What is process 1 of a server that starts from it."""
    variant: str = "minbase"
    """As ``mmdebstrap`` has it."""
    finish: str | None = None
    """Script of ``finishing/`` that is run on it at the end."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """The whole estate."""

    servers: tuple[Declared, ...]
    links: tuple[Link, ...]
    """Every connection between two of its ends, those of the outside among them."""
    roots: dict[str, RootPlan]
    """By their names: those of the servers, and those that only tests ask for."""

    def server(self, name: str) -> Declared:
        """Return the server of that name."""
        return next(each for each in self.servers if each.name == name)

    def only(self, *names: str) -> Definition:
        """Return the same with these servers alone, and what connects them."""
        gone = {each.name for each in self.servers} - set(names)
        return replace(
            self,
            servers=tuple(each for each in self.servers if each.name in names),
            links=tuple(each for each in self.links if not {each.client, each.server} & gone),
        )

    def alone(self, root: str) -> Definition:
        """Return an estate of one server that starts from a root and serves nothing but SSH."""
        server = Declared(
            name=root,
            address=LONE_ADDRESS,
            root=root,
            system="",
            services=(),
            parts=(),
            applications=(Expected(id="ssh", version=None, ports=("22/tcp",)),),
        )
        return replace(self, servers=(server,), links=())


@cache
def definition() -> Definition:
    """Read the definition."""
    told = tomllib.loads((HERE / "estate.toml").read_text(encoding="utf-8"))
    return Definition(
        servers=tuple(_server(each) for each in told["servers"]),
        links=tuple(
            Link(client=client, server=server, port=port, by=next(iter(by), None))
            for client, server, port, *by in told["connections"]
        ),
        roots={name: _root(name, each, told["packages"]) for name, each in told["roots"].items()},
    )


def _server(told: dict[str, Any]) -> Declared:
    applications = tuple(
        Expected(id=name, version=each.get("version"), ports=tuple(each.get("ports", ())))
        for name, each in told.pop("applications").items()
    )
    parts = tuple(
        Part(server=told["name"], application=application, kind=kind, name=name)
        for application, kind, name in told.pop("instances", ())
    )
    told["services"] = tuple(told["services"])
    return Declared(**told, applications=applications, parts=parts)


def _root(name: str, told: dict[str, Any], groups: dict[str, list[str]]) -> RootPlan:
    """Put a root together; ``@systemd`` stands for the group of packages of that name."""
    packages = (
        package
        for word in told.pop("packages")
        for package in (groups[word[1:]] if word.startswith("@") else [word])
    )
    told["init"] = Init(told["init"])
    return RootPlan(name=name, packages=tuple(packages), **told)
