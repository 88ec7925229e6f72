"""Which server has which address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from inventory.model.facts import INTERFACES

if TYPE_CHECKING:
    from inventory.model.server import Server

RECORD: Final = "record:"
"""What stands before a record's id in the place of an address."""


@lru_cache(maxsize=65536)
def plain(address: str) -> str:
    """Return an address in its shortest form, without prefix length, zone or IPv4 mapping.

    What is no address is returned as it is.
    """
    text = address.partition("/")[0].partition("%")[0].strip("[]")
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


@dataclass(frozen=True)
class AddressBook:
    """The servers that have each address, by their interfaces."""

    servers: Mapping[str, frozenset[str]]
    """Identifiers by address."""

    @classmethod
    def of(cls, servers: Sequence[Server]) -> AddressBook:
        """Read the addresses of interfaces.

        Those that mean something on one server only, loopback and link-local, are left out. Each
        of a server's records stands for it too, as ``record:ID``: exports name servers of which
        nobody knows an address.
        """
        found: dict[str, set[str]] = {}
        for server in servers:
            for record in (server.id, *server.also):
                found[f"{RECORD}{record}"] = {server.id}
            for interface in server.facts.value(INTERFACES) or ():
                for address in interface.addresses:
                    if not _is_local(plain(address)):
                        found.setdefault(plain(address), set()).add(server.id)
        return cls({address: frozenset(owners) for address, owners in found.items()})

    def owners(self, address: str) -> frozenset[str]:
        """Return the servers that have an address; none, one, or several that share it."""
        return self.servers.get(plain(address), frozenset())

    def shared(self) -> dict[str, frozenset[str]]:
        """Return the addresses that several servers have.

        They are those of clusters, of networks that exist twice, of a server recorded twice.
        """
        return {address: owners for address, owners in self.servers.items() if len(owners) > 1}


@lru_cache(maxsize=65536)
def _is_local(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return True
    return found.is_loopback or found.is_link_local or found.is_unspecified
