"""Which applications use which, within a server and between servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.applications.addresses import plain
from inventory.applications.recognise import KERNEL_NAME
from inventory.model.application import ApplicationDependency
from inventory.model.facts import CONNECTIONS, INTERFACES, LISTENERS
from inventory.model.parts import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inventory.applications.recognise import Recognised
    from inventory.applications.uses import Key, Use
    from inventory.model.parts import Connection
    from inventory.model.server import Server

_Link = tuple[str, str | None, str, str | None, str, int]


def application_dependencies(
    servers: Sequence[Server],
    recognised: Mapping[str, Recognised],
    uses: Mapping[Key, Use],
) -> tuple[ApplicationDependency, ...]:
    """Return which application uses which, in order; ``recognised`` is by server.

    An end of which no application is known, because it is outside, was not asked or does not
    tell the process, is told by its server alone.
    """
    between = [
        link
        for (client, server, protocol, port), use in uses.items()
        for link in _between(client, server, protocol, port, use, recognised)
    ]
    within = [link for server in servers for link in _within(server, recognised.get(server.id))]
    return tuple(sorted((*between, *within), key=_order))


def _between(
    client: str,
    server: str,
    protocol: str,
    port: int,
    use: Use,
    recognised: Mapping[str, Recognised],
) -> Iterator[ApplicationDependency]:
    serving = _serving(recognised.get(server), protocol, port, use.process)
    users = {_using(recognised.get(client), name, pid) for name, pid in use.clients}
    for using in sorted(users - {None}, key=str) or [None]:
        yield ApplicationDependency(
            client=client,
            client_application=using,
            server=server,
            server_application=serving,
            protocol=protocol,
            port=port,
            connections=use.most_at_once,
            first_seen=use.first_seen,
            last_seen=use.last_seen,
        )


def _within(server: Server, known: Recognised | None) -> Iterator[ApplicationDependency]:
    """Yield who uses whom on one server: an application's talk with itself is left out."""
    waiting = {
        (each.protocol, each.port): each.process for each in server.facts.value(LISTENERS) or ()
    }
    counts: dict[_Link, int] = {}
    for each in _own(server):
        end = (each.protocol, each.remote_port)
        if end in waiting and (each.protocol, each.local_port) not in waiting:
            protocol, port = each.protocol.value, each.remote_port
            using = _using(known, each.process, each.pid)
            serving = _serving(known, protocol, port, waiting[end])
            if using != serving or using is None:
                link = (server.id, using, server.id, serving, protocol, port)
                counts[link] = counts.get(link, 0) + 1
    for (client, using, serves, serving, protocol, port), count in counts.items():
        yield ApplicationDependency(
            client=client,
            client_application=using,
            server=serves,
            server_application=serving,
            protocol=protocol,
            port=port,
            connections=count,
            is_loopback=True,
        )


def _own(server: Server) -> Iterator[Connection]:
    """Yield a server's connections with itself, over loopback or by one of its own addresses."""
    own = {
        plain(address)
        for interface in server.facts.value(INTERFACES) or ()
        for address in interface.addresses
    }
    for each in server.facts.value(CONNECTIONS) or ():
        if each.direction is Direction.LOOPBACK or plain(each.remote_address) in own:
            yield each


def _serving(known: Recognised | None, protocol: str, port: int, process: str | None) -> str | None:
    """Return the name of what listens on a port, or else of what its process belongs to."""
    if known is None:
        return None
    served = f"{port}/{protocol}"
    listening = next((each.name for each in known.applications if served in each.ports), None)
    return listening or _using(known, process, None)


def _using(known: Recognised | None, process: str | None, pid: int | None) -> str | None:
    """Return the name of the application that a process belongs to; the process's own if none."""
    if known is None:
        return process
    identifier = known.by_pid.get(pid) if pid is not None else None
    if identifier is None and process:
        identifier = known.by_process.get(process[:KERNEL_NAME])
    named = {each.id: each.name for each in known.applications}
    return named.get(identifier or "", process)


def _order(each: ApplicationDependency) -> tuple[str, str, str, int, str, str]:
    names = (each.client_application or "", each.server_application or "")
    return each.client, each.server, each.protocol, each.port, *names
