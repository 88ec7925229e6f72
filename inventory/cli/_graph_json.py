"""The graph of who uses whom for programs: nodes with their applications, and edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventory.model.codec import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from inventory.cli._landscape import Landscape
    from inventory.model.application import Application, ApplicationDependency, Dependency
    from inventory.model.sighting import Observed


def graph_document(landscape: Landscape, window: Observed) -> dict[str, Any]:
    """Return the graph as one JSON document.

    Every server is a node, whether it uses anything or not; so is every address outside.
    ``observed`` says over which time, and in how many looks, the edges were seen.
    """
    links: dict[tuple[str, str, str, int], list[ApplicationDependency]] = {}
    for link in landscape.application_dependencies:
        links.setdefault((link.client, link.server, link.protocol, link.port), []).append(link)
    edges = [_edge(each, links.get(_key(each), [])) for each in landscape.dependencies]
    inside = [each for each in landscape.application_dependencies if each.is_loopback]
    return {
        "observed": to_plain(window),
        "nodes": [*_servers(landscape), *_outside(landscape)],
        "edges": edges,
        "within": [{"server": each.server, **_link(each), **_port(each)} for each in inside],
    }


def _servers(landscape: Landscape) -> Iterable[dict[str, Any]]:
    for server in landscape.servers:
        yield {
            "id": server.id,
            "name": server.name,
            "outside": False,
            "applications": [_application(each) for each in landscape.applications(server)],
        }


def _outside(landscape: Landscape) -> Iterable[dict[str, Any]]:
    known = {each.id for each in landscape.servers}
    ends = {end for each in landscape.dependencies for end in (each.client, each.server)}
    for end in sorted(ends - known):
        yield {"id": end, "name": landscape.name(end), "outside": True, "applications": []}


def _application(application: Application) -> dict[str, Any]:
    return {
        "id": application.id,
        "name": application.name,
        "version": application.version,
        "category": application.category,
        "ports": list(application.ports),
        "confidence": application.confidence.value,
    }


def _edge(each: Dependency, links: list[ApplicationDependency]) -> dict[str, Any]:
    return {
        "client": each.client,
        "server": each.server,
        **_port(each),
        "process": each.process,
        "client_processes": list(each.client_processes),
        "applications": [_link(link) for link in links],
        "connections": each.connections,
        "looks": each.looks,
        "first_seen": _moment(each.first_seen),
        "last_seen": _moment(each.last_seen),
    }


def _link(link: ApplicationDependency) -> dict[str, str | None]:
    return {
        "client_application": link.client_application,
        "server_application": link.server_application,
    }


def _port(each: Dependency | ApplicationDependency) -> dict[str, Any]:
    return {"port": each.port, "protocol": each.protocol}


def _key(each: Dependency) -> tuple[str, str, str, int]:
    return each.client, each.server, each.protocol, each.port


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
