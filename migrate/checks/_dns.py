"""What name servers answer: each is asked by itself, over UDP and then TCP, bounded in time."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from inventory.model.fact import FactKey, Facts
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.network import DNS_SERVERS
from migrate.knock import resolve

if TYPE_CHECKING:
    from migrate.model.check import Sight

T = TypeVar("T")

RESOLVERS: dict[str, Any] = {
    "description": "Name servers to ask, each by itself: an address, or ADDRESS#PORT. Unless given,"
    " those that the old server asks.",
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "uniqueItems": True,
}
"""JSON Schema of a list of name servers."""
NAMES: dict[str, Any] = {
    "description": "Names to ask for. Unless given, the old server's own name.",
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "uniqueItems": True,
}
"""JSON Schema of a list of names."""
_PORT = 53


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one name server said of one name."""

    resolver: str
    name: str
    addresses: tuple[str, ...] = ()
    """Sorted; empty when there is none, or when it did not say."""
    fault: str = ""
    """Why it is not known; empty when it answered, be it that there is no such name."""

    def __str__(self) -> str:
        """Say it in a few words."""
        said = self.fault or ", ".join(self.addresses) or "no address"
        return f"{self.resolver} says of {self.name}: {said}"


def resolvers(sight: Sight, given: Sequence[str] | None) -> tuple[str, ...] | str:
    """Return the name servers to ask, or why it is not known which."""
    if given:
        return tuple(given)
    told = _value(sight, DNS_SERVERS)
    return tuple(told) if told else "the old server tells no name servers; give resolvers"


def names(sight: Sight, given: Sequence[str] | None) -> tuple[str, ...] | str:
    """Return the names to ask for, or why it is not known which."""
    if given:
        return tuple(given)
    told = _value(sight, FQDN) or _value(sight, HOSTNAME)
    if told and "." in told:
        return (told,)
    return "the old server's full name is not known; give names"


def wanted(sight: Sight, given: Sequence[str] | None) -> set[str] | str:
    """Return the addresses that names should lead to, or why it is not known which.

    Unless given, those of what replaces the server.
    """
    if given:
        return set(given)
    host = (sight.new_address or "").partition("/")[0]
    if not host:
        return "the move names nothing that replaces it; give addresses"
    try:
        return {str(ipaddress.ip_address(host))}
    except ValueError:
        pass
    try:
        return set(resolve(host, 0, sight.timeout_seconds))
    except OSError as error:
        return f"it cannot be told where {host} is: {error}"


def ask_all(whom: Sequence[str], what: Sequence[str], seconds: float) -> tuple[Answer, ...]:
    """Ask every name server for every name."""
    return tuple(_asked(resolver, name, seconds) for resolver in whom for name in what)


def pointers(whom: Sequence[str], addresses: Sequence[str], seconds: float) -> tuple[Answer, ...]:
    """Ask every name server which names it gives to every address; they come as addresses do."""
    return tuple(_pointer(resolver, address, seconds) for resolver in whom for address in addresses)


def _pointer(resolver: str, address: str, seconds: float) -> Answer:
    said = _one(resolver, ipaddress.ip_address(address).reverse_pointer, "PTR", seconds)
    if isinstance(said, str):
        return Answer(resolver=resolver, name=address, fault=said)
    return Answer(resolver=resolver, name=address, addresses=tuple(sorted(said)))


def _asked(resolver: str, name: str, seconds: float) -> Answer:
    found: set[str] = set()
    for kind in ("A", "AAAA"):
        said = _one(resolver, name, kind, seconds)
        if isinstance(said, str):
            return Answer(resolver=resolver, name=name, fault=said)
        found |= said
    return Answer(resolver=resolver, name=name, addresses=tuple(sorted(found)))


def _one(resolver: str, name: str, kind: str, seconds: float) -> set[str] | str:
    import dns.exception
    import dns.message
    import dns.query
    import dns.rcode
    import dns.rdatatype

    address, _, port = resolver.partition("#")
    try:
        query = dns.message.make_query(name, kind)
        response, _ = dns.query.udp_with_fallback(
            query, address, timeout=seconds, port=int(port or _PORT)
        )
    except dns.exception.Timeout:
        return f"no answer in {seconds:g} s"
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return str(error) or type(error).__name__
    if response.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return f"it refuses: {dns.rcode.to_text(response.rcode())}"
    return {
        str(each)
        for answer in response.answer
        if dns.rdatatype.to_text(answer.rdtype) == kind
        for each in answer
    }


def _value(sight: Sight, key: FactKey[T]) -> T | None:
    return sight.old.value(key) if isinstance(sight.old, Facts) else None
