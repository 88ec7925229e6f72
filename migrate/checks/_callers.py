"""Who used the old server since a moment, as it saw them and as other servers saw themselves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.errors import UsageError
from inventory.model.fact import Facts, Unknown
from inventory.model.facts import INTERFACES
from inventory.model.parts import Direction
from inventory.model.sighting import Sighting
from inventory.model.target import Target
from migrate.model.check import Sight
from migrate.model.plan import Move

_SSH_PORT = 22


@dataclass(frozen=True, kw_only=True)
class Callers:
    """What was seen, each in words."""

    users: tuple[str, ...]
    """Whose use counts."""
    ignored: tuple[str, ...]
    """Whose use does not count, with the reason."""
    outward: tuple[str, ...]
    """Whom the old server itself called."""
    blind: tuple[str, ...]
    """What of all this could not be seen."""


@dataclass(frozen=True, kw_only=True)
class _Call:
    """One use of the old server, whoever saw it."""

    client: str
    """Plain address."""
    name: str
    """The client's in the estate; empty when it is not of it."""
    port: str
    """As ``443/tcp``."""
    number: int
    process: str
    seen: datetime

    def __str__(self) -> str:
        who = f"{self.name} {self.client}" if self.name else f"{self.client}, outside the estate,"
        process = f" {self.process}" if self.process else ""
        return f"{who} on {self.port}{process}, last seen {self.seen:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """Whose use does not count."""

    clients: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    ports: frozenset[int] | None = None
    """Whoever uses them; None when the playbook names none."""
    administration: frozenset[int] = frozenset()

    def reason(self, call: _Call) -> str:
        """Return why a call does not count; empty when it does."""
        for each in self.clients:
            if _within(call.client, each["from"]) and each.get("port") in {None, call.number}:
                return str(each["why"])
        if self.ports is not None:
            return "a port that does not count" if call.number in self.ports else ""
        administers = call.number in self.administration and not call.name
        return "administration" if administers else ""


def callers(sight: Sight, given: Mapping[str, Any], since: datetime) -> Callers:
    """Return who used the old server since a moment."""
    own = own_addresses(sight)
    names = {plain(address): name for address, name in sight.estate_addresses.items()}
    seen = sight.past.sightings(since)
    inward = [_as_it_saw(each, names) for each in seen if each.direction is Direction.INBOUND]
    outward = [_as_it_saw(each, names) for each in seen if each.direction is Direction.OUTBOUND]
    others = [_as_they_saw(each.server, each.sighting) for each in sight.past.uses(own, since)]
    rules = _Rules(
        clients=given["ignore"],
        ports=frozenset(given["ignore_ports"]) if "ignore_ports" in given else None,
        administration=administration(sight.move),
    )
    foreign = [each for each in outward if each.client not in own]
    calls = [each for each in (*inward, *others) if each.client not in own]
    calls += foreign if given["count_outward"] else []
    users = [each for each in calls if not rules.reason(each)]
    passed_over = [each for each in calls if rules.reason(each)]
    return Callers(
        users=_unique(str(each) for each in users),
        ignored=_unique(f"{each} ({rules.reason(each)})" for each in passed_over),
        outward=_unique(str(each) for each in foreign),
        blind=() if own else ("its own addresses, so what other servers saw of it is left out",),
    )


def own_addresses(sight: Sight) -> frozenset[str]:
    """Return every address that the old server has now or that is remembered of it.

    Those that many servers have alike, of loopback and link-local networks, are none of its own.
    """
    found: set[str] = set()
    for facts in (sight.old, sight.past.known()):
        if isinstance(facts, Unknown):
            continue
        found.update(_addresses(facts))
    return frozenset(each for each in found if not _is_everywhere(each))


def administration(move: Move) -> frozenset[int]:
    """Return SSH's port, and the one by which the old server is asked."""
    try:
        asked = Target.parse(move.source).port
    except UsageError:
        asked = None
    return frozenset({_SSH_PORT, asked or _SSH_PORT})


def plain(address: str) -> str:
    """Write an address in one form, an IPv4 one that comes mapped into IPv6 as IPv4."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


def _addresses(facts: Facts) -> set[str]:
    interfaces = facts.value(INTERFACES) or ()
    return {plain(each.partition("/")[0]) for one in interfaces for each in one.addresses}


def _is_everywhere(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return True
    return parsed.is_loopback or parsed.is_link_local


def _as_it_saw(seen: Sighting, names: Mapping[str, str]) -> _Call:
    client = plain(seen.remote_address)
    return _call(client, names.get(client, ""), seen)


def _as_they_saw(name: str, seen: Sighting) -> _Call:
    return _call(plain(seen.local_address), name, seen)


def _call(client: str, name: str, seen: Sighting) -> _Call:
    return _Call(
        client=client,
        name=name,
        port=f"{seen.port}/{seen.protocol.value}",
        number=seen.port,
        process=seen.process or "",
        seen=seen.last_seen,
    )


def _within(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
