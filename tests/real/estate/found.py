"""What Decant found, as its listings tell it, set beside the definition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from estate.definition import Definition, Link, Part


@dataclass(frozen=True, kw_only=True, order=True)
class Found:
    """An application on a server."""

    server: str
    id: str
    ports: tuple[str, ...]


def applications(listing: str) -> dict[Found, str | None]:
    """Return the versions of what ``decant applications --format json`` counts as there.

    That is what was recognised with high or medium confidence, and whatever listens and was not.
    """
    return {
        Found(server=row["server"], id=row["id"], ports=tuple(sorted(row["ports"]))): row["version"]
        for row in json.loads(listing)
        if row["confidence"] != "low" or row["category"] == "unrecognised"
    }


def declared(estate: Definition) -> dict[Found, str | None]:
    """Return what the version of each declared application begins with."""
    return {
        Found(server=server.name, id=each.id, ports=tuple(sorted(each.ports))): each.version
        for server in estate.servers
        for each in server.applications
    }


def connections(listing: str) -> set[Link]:
    """Return who uses whom, of ``decant connections --format json``."""
    return {
        Link(client=row["client"], server=row["server"], port=f"{row['port']}/{row['protocol']}")
        for row in json.loads(listing)
    }


def uses(listing: str, names: Mapping[str, str]) -> dict[Link, tuple[str | None, str | None]]:
    """Return which application uses which, of ``decant connections --applications --format json``.

    ``names`` holds the identifiers of applications by their names.
    """

    def identifier(name: str | None) -> str | None:
        return names.get(name, name) if name else None

    return {
        Link(client=row["client"], server=row["server"], port=f"{row['port']}/{row['protocol']}"): (
            identifier(row["client_application"]),
            identifier(row["server_application"]),
        )
        for row in json.loads(listing)
        if not row["is_loopback"]
    }


def parts(listing: str, names: Mapping[str, str]) -> set[Part]:
    """Return what applications consist of, of ``decant applications --instances --format json``."""
    return {
        Part(
            server=row["server"],
            application=names[row["application"]],
            kind=row["kind"],
            name=row["instance"],
        )
        for row in json.loads(listing)
    }


def other_versions(
    expected: Mapping[Found, str | None], found: Mapping[Found, str | None]
) -> dict[Found, tuple[str | None, str | None]]:
    """Return what is in both, and whose version is not what was declared: both versions.

    Where the definition tells none, none may be found.
    """
    both = ((each, expected[each], found[each]) for each in expected.keys() & found.keys())
    return {
        each: (wanted, version)
        for each, wanted, version in both
        if not (version or "").startswith(wanted or "") or bool(version) != bool(wanted)
    }
