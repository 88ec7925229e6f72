"""Reads what :mod:`inventory.collectors.java` hears of each Java process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sites import port_of
from inventory.collectors._text import number
from inventory.model.instances import Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SERVERS: Final = {
    "tomcat": "tomcat",
    "jboss": "jboss",
    "jetty": "jetty",
    "glassfish": "glassfish",
    "websphere": "websphere",
    "weblogic": "oracle-weblogic",
}
"""Identifier of the fingerprint by what the process was started with."""
_VERSION: Final = re.compile(r"Version (\d+(?:\.\d+)+)")
_ARCHIVE: Final = re.compile(r"(?:\.(?:war|xml))?/?\Z")


def read_servers(said: Mapping[str, str]) -> Iterator[Instance]:
    """Yield each Java server, followed by what is deployed in it."""
    for part, text in said.items():
        kind, _, pid = part.partition(" ")
        if kind == "java":
            yield from _server(number(pid), text.splitlines())


def _server(pid: int | None, lines: list[str]) -> Iterator[Instance]:
    words = [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]
    found = next(((kind, path) for kind, path in words if kind in _SERVERS and path), None)
    if not found:
        yield from _archives(pid, words)
        return
    application, path = _SERVERS[found[0]], found[1]
    version = next((match[1] for line in lines if (match := _VERSION.search(line))), None)
    connectors = [value for kind, value in words if kind == "connector" and value]
    ports = (port_of(each.split(" ")[0]) for each in connectors)
    yield Instance(
        application=application,
        kind=InstanceKind.SERVER,
        name=path,
        version=version,
        path=path if path.startswith("/") else None,
        ports=tuple(dict.fromkeys(port for port in ports if port)),
        pid=pid,
        details=tuple(_details(words)),
    )
    for name, place in _deployed(words, is_context=application == "tomcat").items():
        yield Instance(
            application=application,
            kind=InstanceKind.DEPLOYMENT,
            name=name,
            of=path,
            path=place,
            pid=pid,
        )


def _archives(pid: int | None, words: list[tuple[str, str]]) -> Iterator[Instance]:
    for kind, path in words:
        name = path.rpartition("/")[2]
        if kind == "jar" and name:
            yield Instance(
                application="java",
                kind=InstanceKind.DEPLOYMENT,
                name=name,
                path=path if path.startswith("/") else None,
                pid=pid,
            )


def _details(words: list[tuple[str, str]]) -> Iterator[Detail]:
    for kind, value in dict.fromkeys(words):
        if kind in {"connector", "home"} and value:
            yield Detail(name=kind, value=value)
        elif kind == "denied":
            yield Detail(name="not read", value=f"{value} needs privilege")


def _deployed(words: list[tuple[str, str]], *, is_context: bool) -> dict[str, str | None]:
    """Return the place of each deployment by its name; an archive and its folder are one."""
    found: dict[str, str | None] = {}
    for kind, value in words:
        if kind == "deployed" and value:
            name = value.rstrip("/").rpartition("/")[2]
            place = value if value.startswith("/") else None
            key = _context(name) if is_context else name
            found[key] = found.get(key) or place
        elif kind == "context":
            path, _, place = value.partition("|")
            found.setdefault(path or "/", place or None)
    return found


def _context(name: str) -> str:
    """Return the path under which Tomcat serves a file: ``api#v1.war`` is ``/api/v1``.

    https://tomcat.apache.org/tomcat-10.1-doc/config/context.html, "Naming"
    """
    base = _ARCHIVE.sub("", name).partition("##")[0]
    return "/" if base == "ROOT" else f"/{base.replace('#', '/')}"
