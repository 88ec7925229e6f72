"""What ``ip addr`` says, of iproute2 and of BusyBox."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from inventory.model.parts import Interface

_HEAD: Final = re.compile(r"\d+: (?P<name>[^\s@]+?)(?:@(?P<on>\S+?))?: <(?P<flags>[^>]*)>")
_LINK: Final = re.compile(r"\s+link/(?P<type>\S+)(?: (?P<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2}))?")
_ADDRESS: Final = re.compile(
    r"\s+inet6? (?P<address>[0-9a-f.:]+)(?: peer (?P<peer>[0-9a-f.:]+))?(?P<length>/\d+)?"
)


def read_ip(text: str) -> list[Interface]:
    """Read every interface, with neither speed nor, for most, kind."""
    found: list[Interface] = []
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head:
            found.append(_interface(head))
        elif found:
            found[-1] = _continued(found[-1], line)
    return found


def _interface(head: re.Match[str]) -> Interface:
    flags = head["flags"].split(",")
    kind = "loopback" if "LOOPBACK" in flags else None
    # An interface that hangs on one of another namespace is one end of a virtual cable.
    if re.fullmatch(r"if\d+", head["on"] or ""):
        kind = "veth"
    return Interface(name=head["name"], up="UP" in flags and "NO-CARRIER" not in flags, kind=kind)


def _continued(interface: Interface, line: str) -> Interface:
    link = _LINK.match(line)
    if link:
        return replace(interface, mac=link["mac"] if link["type"] == "ether" else None)
    address = _ADDRESS.match(line)
    if address:
        whole = f"{address['address']}{_length(address)}"
        return replace(interface, addresses=(*interface.addresses, whole))
    return interface


def _length(address: re.Match[str]) -> str:
    """Return the prefix length; that of an address with a peer is its own alone."""
    whole = "/128" if ":" in address["address"] else "/32"
    return whole if address["peer"] else address["length"] or whole
