"""Interfaces, addresses and services of a server → rows of NetBox's import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import Final
from urllib.parse import urlsplit

from inventory.exporters._aws_table import Row
from inventory.exporters._netbox_sheets import Sheets
from inventory.model import spelling
from inventory.model.facts import FQDN, INTERFACES, LISTENERS
from inventory.model.macs import spelled
from inventory.model.parts import AddressMethod, Interface
from inventory.model.placement import TOLD_SERVICES
from inventory.model.server import Server

_TYPES: Final = {"bond": "lag", "team": "lag", "bridge": "bridge", "physical": "other"}
_VIRTUAL: Final = "virtual"
_LONGEST_NAME: Final = 64


@dataclass(kw_only=True)
class Parts:
    """Writes the parts of each server; remembers the addresses, which NetBox wants but once."""

    sheets: Sheets
    _addresses: dict[str, str] = field(default_factory=dict, init=False)

    def write(self, server: Server, name: str, row: Row, *, virtual: bool) -> None:
        """Write the parts of a server that goes by this name; tell in ``row`` what is lacking."""
        owner = {"virtual_machine" if virtual else "device": name}
        primary = _primary(server)
        seen = set[str]()
        for each in _interfaces(server):
            if each.name in seen or len(each.name) > _LONGEST_NAME:
                row.lack(f"interface {each.name!r} cannot be named so in NetBox: left out")
                continue
            seen.add(each.name)
            self._interface(server, each, owner, virtual=virtual)
            self._its_addresses(server, each, owner, row, primary)
        self._services(server, name, virtual=virtual)

    def _interface(
        self, server: Server, each: Interface, owner: dict[str, str], *, virtual: bool
    ) -> None:
        told = {"name": each.name, "enabled": "false" if each.up is False else "true"}
        if virtual:
            self.sheets.row("vm-interfaces", server, **owner, **told, mtu=each.mtu_bytes)
        else:
            kind = _TYPES.get(each.kind or "physical", _VIRTUAL)
            self.sheets.row(
                "device-interfaces", server, **owner, **told, type=kind, mtu=each.mtu_bytes
            )
        if mac := spelled(each.mac):
            self.sheets.row(
                "mac-addresses",
                server,
                mac_address=mac,
                interface=each.name,
                is_primary="true",
                **owner,
            )

    def _its_addresses(
        self, server: Server, each: Interface, owner: dict[str, str], row: Row, primary: set[str]
    ) -> None:
        for text in each.addresses:
            address = _address(text)
            if address is None or self._addresses.get(str(address.ip)) == server.name:
                continue
            told = str(address.ip)
            taken = self._addresses.setdefault(told, server.name)
            if taken != server.name:
                row.lack(f"address {told} is told of {taken} too, and NetBox wants it once")
                continue
            if "/" not in text:
                row.lack(f"address {told} is written as a network of one: its own is unknown")
            self.sheets.row(
                "ip-addresses",
                server,
                address=str(address),
                status="dhcp" if each.method is AddressMethod.DHCP else "active",
                interface=each.name,
                is_primary="true" if told in primary else "false",
                dns_name=server.facts.value(FQDN) if told in primary else None,
                **owner,
            )

    def _services(self, server: Server, name: str, *, virtual: bool) -> None:
        ports: dict[tuple[str, str], set[int]] = {}
        for service, protocol, port in _told(server):
            ports.setdefault((service, protocol), set()).add(port)
        kind = "virtualization.virtualmachine" if virtual else "dcim.device"
        for (service, protocol), numbers in sorted(ports.items()):
            self.sheets.row(
                "services",
                server,
                name=service[:100],
                parent_object_type=kind,
                parent=name,
                protocol=protocol,
                ports=",".join(map(str, sorted(numbers))),
            )


def _interfaces(server: Server) -> list[Interface]:
    """Return the interfaces without loopback."""
    told = server.facts.value(INTERFACES) or ()
    return [each for each in told if each.kind != "loopback" and each.name != "lo"]


def _address(text: str) -> IPv4Interface | IPv6Interface | None:
    """Return an address that a server may have to itself; None for one of the link and such."""
    return ip_interface(text) if spelling.address(text) else None


def _primary(server: Server) -> set[str]:
    """Return the address of each family that a server goes by.

    That is the one under which it is asked, or the first of its interfaces.
    """
    interfaces = _interfaces(server)
    found = [told for each in interfaces for text in each.addresses if (told := _address(text))]
    asked = (urlsplit(server.target).hostname or "") if "://" in server.target else ""
    first: dict[int, str] = {}
    for address in sorted(found, key=lambda each: str(each.ip) != asked):
        first.setdefault(address.version, str(address.ip))
    return set(first.values())


def _told(server: Server) -> Iterator[tuple[str, str, int]]:
    """Yield services by name, protocol and port: as others tell, then as the server does."""
    told = set()
    for each in server.facts.value(TOLD_SERVICES) or ():
        told.add((each.protocol, each.port))
        yield each.name or each.product or f"port {each.port}", each.protocol.value, each.port
    for one in server.facts.value(LISTENERS) or ():
        if not one.is_loopback and (one.protocol, one.port) not in told:
            yield one.process or f"port {one.port}", one.protocol.value, one.port
