"""Nobody is connected to what the old server offers, in this one look.

A client that connects only now and then is not seen by one look: the result says so.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Container, Mapping
from typing import Any

from inventory.errors import UsageError
from inventory.model.facts import CONNECTIONS, INTERFACES, LISTENERS
from inventory.model.parts import Connection, Direction, Protocol
from inventory.model.target import Target
from migrate.checks._ports import PORT, reachable
from migrate.checks._say import fact, failed, listed, passed
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Move
from migrate.model.playbook import About

_SSH_PORT = 22
_WINDOW = "one look; a client that connects only now and then is not seen by it"


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    connections = fact(sight.old, CONNECTIONS, "the old server")
    if isinstance(connections, CheckResult):
        return connections
    listeners = fact(sight.old, LISTENERS, "the old server")
    if isinstance(listeners, CheckResult):
        return listeners
    ignored = parameters.get("ignore_ports", _administration(sight.move))
    offered = {(each.protocol, each.port) for each in reachable(listeners.value)}
    own = _own_addresses(sight)
    return _judge(
        [
            each
            for each in connections.value
            if each.local_port not in ignored and _is_used(each, offered) and not _is_own(each, own)
        ],
        sight.estate_addresses,
        list(ignored),
    )


def _administration(move: Move) -> list[int]:
    """Return SSH's port, and the one by which the server is asked: our own look is no use of it."""
    try:
        asked = Target.parse(move.source).port
    except UsageError:
        asked = None
    return sorted({_SSH_PORT, asked or _SSH_PORT})


def _is_used(connection: Connection, offered: Container[tuple[Protocol, int]]) -> bool:
    # A connection on an offered port counts, whoever is said to have opened it.
    if connection.direction is Direction.LOOPBACK:
        return False
    is_offered = (connection.protocol, connection.local_port) in offered
    return is_offered or connection.direction is Direction.INBOUND


def _is_own(connection: Connection, own: Container[str]) -> bool:
    remote = _plain(connection.remote_address)
    return remote in own or remote == _plain(connection.local_address)


def _own_addresses(sight: Sight) -> frozenset[str]:
    interfaces = fact(sight.old, INTERFACES, "the old server")
    if isinstance(interfaces, CheckResult):
        return frozenset()  # then its talk with itself counts as use, which errs on the safe side
    return frozenset(
        _plain(address.partition("/")[0]) for each in interfaces.value for address in each.addresses
    )


def _plain(address: str) -> str:
    """Write an address in one form, an IPv4 one that comes mapped into IPv6 as IPv4."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


def _judge(seen: list[Connection], estate: Mapping[str, str], ignored: list[int]) -> CheckResult:
    names = {_plain(address): name for address, name in estate.items()}
    users = Counter(_user(each, names) for each in seen)
    observed = {"window": _WINDOW, "ignored_ports": ignored, "users": dict(sorted(users.items()))}
    if users:
        words = [f"{user} ({count})" for user, count in sorted(users.items())]
        return failed(f"still used by {listed(words)}", **observed)
    return passed(f"no connection from outside was seen in {_WINDOW}", **observed)


def _user(connection: Connection, names: Mapping[str, str]) -> str:
    address = _plain(connection.remote_address)
    who = f"{names[address]} {address}" if address in names else f"{address}, outside the estate,"
    port = f"{connection.local_port}/{connection.protocol.value}"
    return f"{who} on {port} {connection.process or ''}".rstrip()


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "ignore_ports": {
                "description": "Ports of the old server whose use does not count; unless given, 22 "
                "and the port by which the server is asked.",
                "type": "array",
                "items": PORT,
                "uniqueItems": True,
            },
        },
    },
    run=_run,
    reads="Looks at the old server's established connections, and whose addresses they come from.",
    about=About.OLD,
)
