"""What ``ip addr`` says of interfaces: iproute2's, with details (``-d``) or not, and BusyBox's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number
from inventory.model.parts import AddressMethod, Interface

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD: Final = re.compile(
    r"\d+: (?P<name>[^\s@]+?)(?:@(?P<on>\S+?))?: <(?P<flags>[^>]*)>(?P<rest>.*)"
)
_LINK: Final = re.compile(r"\s+link/(?P<type>\S+)(?: (?P<mac>(?:[0-9a-f]{2}:){5}[0-9a-f]{2}))?")
_PERMANENT: Final = re.compile(r" perm(?:_hw)?addr ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b")
_ADDRESS: Final = re.compile(
    r"\s+inet6? (?P<address>[0-9a-f.:]+)(?: peer (?P<peer>[0-9a-f.:]+))?(?P<length>/\d+)?"
)
_ON_ANOTHER: Final = re.compile(r"if\d+\Z")
_TUNNELS: Final = frozenset({
    "tun", "gre", "gretap", "ip6gre", "ip6gretap", "erspan", "ip6erspan", "ipip", "sit", "ip6tnl",
    "vti", "vti6", "geneve", "gtp",
})  # fmt: skip
_OTHERS: Final = frozenset({"dummy", "ifb", "vrf", "openvswitch", "nlmon", "macsec", "netkit"})
_KINDS: Final = {
    **{kind: kind for kind in ("bond", "bridge", "vlan", "veth", "team", "macvlan", "ipvlan")},
    **{kind: kind for kind in ("vxlan", "wireguard")},
    **dict.fromkeys(_TUNNELS, "tunnel"),
    **dict.fromkeys(_OTHERS, "virtual"),
    "macvtap": "macvlan",
    "ipvtap": "ipvlan",
}
"""Our word for the kernel's (``IFLA_INFO_KIND``), which begins a line of details."""
_HAVE_PARENTS: Final = frozenset({"vlan", "macvlan", "ipvlan", "vxlan", None})


def read_ip(lines: Iterable[str]) -> list[Interface]:
    """Read every interface, without speed and driver, and without kind where it is not told."""
    found: list[Interface] = []
    for line in lines:
        head = _HEAD.match(line)
        if head:
            found.append(_interface(head))
        elif found:
            found[-1] = _continued(found[-1], line)
    return [each if each.kind in _HAVE_PARENTS else replace(each, parent=None) for each in found]


def _interface(head: re.Match[str]) -> Interface:
    flags = head["flags"].split(",")
    words = head["rest"].split()
    kind = "loopback" if "LOOPBACK" in flags else None
    parent = head["on"]
    # An interface that hangs on one of another namespace is one end of a virtual cable.
    if parent and _ON_ANOTHER.match(parent):
        kind = "veth"
    return Interface(
        name=head["name"],
        up="UP" in flags and "NO-CARRIER" not in flags,
        kind=kind,
        mtu_bytes=number(after(words, "mtu")),
        master=after(words, "master"),
        parent=None if parent == "NONE" else parent,
    )


def after(words: list[str], name: str) -> str | None:
    """Return the word that follows a name; None where there is none."""
    try:
        return words[words.index(name) + 1]
    except (ValueError, IndexError):
        return None


def _continued(interface: Interface, line: str) -> Interface:
    first = line.lstrip().partition(" ")[0]
    if first.startswith("link/"):
        return _linked(interface, line)
    if first.startswith("inet"):
        return _addressed(interface, line)
    if first in _KINDS:
        return _detailed(interface, first, line.split())
    if first == "bond_slave":
        permanent = _PERMANENT.search(line)
        own = permanent[1] if permanent and permanent[1] != interface.mac else None
        return replace(interface, permanent_mac=own or interface.permanent_mac)
    if first == "vf":
        return replace(interface, virtual_functions=(interface.virtual_functions or 0) + 1)
    return interface


def _linked(interface: Interface, line: str) -> Interface:
    link = _LINK.match(line)
    if not link:
        return interface
    permanent = _PERMANENT.search(line)
    return replace(
        interface,
        mac=link["mac"] if link["type"] == "ether" else None,
        permanent_mac=permanent[1] if permanent else None,
    )


def _addressed(interface: Interface, line: str) -> Interface:
    address = _ADDRESS.match(line)
    if not address:
        return interface
    by_lease = " dynamic" in line and ":" not in address["address"]
    return replace(
        interface,
        addresses=(*interface.addresses, f"{address['address']}{_length(address)}"),
        method=AddressMethod.DHCP if by_lease else interface.method,
    )


def _detailed(interface: Interface, kind: str, words: list[str]) -> Interface:
    return replace(
        interface,
        kind=_KINDS[kind],
        mode=after(words, "mode") if kind == "bond" else interface.mode,
        active_member=after(words, "active_slave") if kind == "bond" else interface.active_member,
        vlan=number(after(words, "id")) if kind == "vlan" else interface.vlan,
    )


def _length(address: re.Match[str]) -> str:
    """Return the prefix length; that of an address with a peer is its own alone."""
    whole = "/128" if ":" in address["address"] else "/32"
    return whole if address["peer"] else address["length"] or whole
