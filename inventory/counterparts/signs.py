"""What a server shows by which it can be found again in a cloud: names, databases, shares, uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from inventory.applications.addresses import plain
from inventory.model.facts import CONNECTIONS, FQDN, HOSTNAME
from inventory.model.instances import ALL, Instance, InstanceKind
from inventory.model.parts import Direction
from inventory.model.placement import VM_NAME
from inventory.model.server import Server
from inventory.model.sighting import Sighting
from inventory.model.storage import EXPORTS, NETWORK_MOUNTS, SHARES

_USUAL_DATABASES: Final = frozenset(
    {
        *("azure_maintenance", "azure_sys", "data", "database", "db", "information_schema"),
        *("master", "model", "msdb", "mysql", "performance_schema", "postgres", "rdsadmin"),
        *("sys", "tempdb", "template0", "template1", "test"),
    }
)
_USUAL_SHARES: Final = frozenset(
    {
        *("data", "files", "home", "homes", "ipc$", "netlogon", "print$", "profiles", "public"),
        *("share", "shared", "sysvol", "tmp", "users"),
    }
)
"""Names that so many have that they say nothing."""
_ENGINES: Final = (
    ("postgres", "PostgreSQL"),
    ("aurora-postgres", "PostgreSQL"),
    ("mysql", "MySQL"),
    ("mariadb", "MySQL"),
    ("aurora", "MySQL"),
    ("mssql", "SQL Server"),
    ("sqlserver", "SQL Server"),
    ("oracle", "Oracle"),
)
"""How words for an engine begin, in applications and in clouds, and what it is."""
_PARTS: Final = re.compile(r"[,;\s]+")


def names(server: Server) -> frozenset[str]:
    """Return what a server is called, with and without its domain, in lower case."""
    facts = server.facts
    told = (server.name, facts.value(HOSTNAME), facts.value(FQDN), facts.value(VM_NAME))
    whole = {each.lower().rstrip(".") for each in told if each}
    short = {each.partition(".")[0] for each in whole if not _is_address(each)}
    return frozenset(whole | short)


def databases(server: Server) -> Iterator[Instance]:
    """Yield the databases on a server that are told by name, but for those that all have."""
    for key in ALL:
        for each in server.facts.value(key) or ():
            is_database = each.kind is InstanceKind.DATABASE
            if is_database and each.name.lower() not in _USUAL_DATABASES:
                yield each


def shares(server: Server) -> frozenset[str]:
    """Return what a server shares, by the share's name or the last folder of its path."""
    told = chain(
        (each.name for each in server.facts.value(SHARES) or ()),
        (PurePosixPath(each.path).name for each in server.facts.value(EXPORTS) or ()),
    )
    return frozenset(each for each in told if each and each.lower() not in _USUAL_SHARES)


def uses(server: Server, sightings: Iterable[Sighting]) -> Iterator[tuple[str, str]]:
    """Yield names and addresses that a server uses, and how that is known."""
    for mount in server.facts.value(NETWORK_MOUNTS) or ():
        if mount.server:
            yield plain(mount.server).lower(), f"{mount.source} is mounted on {mount.mount_point}"
    for key in ALL:
        for each in server.facts.value(key) or ():
            for address in each.detail("passes to"):
                yield _host(address), f"{each.name} passes requests to it"
    for connection in server.facts.value(CONNECTIONS) or ():
        if connection.direction is Direction.OUTBOUND:
            port = connection.remote_port
            yield plain(connection.remote_address), f"connections to it on port {port}"
    for seen in sightings:
        if seen.direction is Direction.OUTBOUND:
            yield plain(seen.remote_address), f"connections to it on port {seen.port}"


def engine(word: str) -> str:
    """Return which engine a word of an application or a cloud stands for; itself when unknown."""
    known = (name for start, name in _ENGINES if word.lower().startswith(start))
    return next(known, word)


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(each for each in text.lower() if each.isalnum())


def words(text: str) -> tuple[str, ...]:
    """Return the names that a text lists, in lower case."""
    return tuple(each for each in _PARTS.split(text.lower()) if each)


def _host(address: str) -> str:
    return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()


def _is_address(text: str) -> bool:
    return plain(text) == text and text.replace(".", "").isdigit()
