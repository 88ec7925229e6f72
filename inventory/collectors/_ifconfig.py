"""What ``ifconfig -a`` says, in its three wordings: net-tools 1 and BusyBox, net-tools 2, BSD."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import Final

from inventory.collectors._text import number
from inventory.model.parts import Interface

_HEAD: Final = re.compile(r"(?P<name>[^\s:]+(?::\d+)?):?\s+(?P<rest>.*)")
_FLAGS: Final = re.compile(r"flags=[\w,]+<([^>]*)>")
_MAC: Final = re.compile(
    r"(?:HWaddr|ether|address:?)\s+((?:[0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2})\b"
)
_DOTTED_MAC: Final = re.compile(r"(?:[0-9a-f]{1,2}\.){5}[0-9a-f]{1,2}")
_LINK: Final = 3
"""Name, MTU and ``link#1`` come before what is the hardware's address, or a count."""
_MTU: Final = re.compile(r"\b(?:mtu |MTU:)(\d{1,9})\b")
_V4: Final = re.compile(
    r"inet (?:addr:)?(?P<address>[\d.]+)(?=.*?(?:Mask:|netmask )(?P<mask>\S+))?"
)
_V6: Final = re.compile(
    r"inet6 (?:addr: ?)?(?P<address>[0-9a-f:.]+)(?:%\w+)?"
    r"(?:/(?P<length>\d+)|\s+prefixlen (?P<long>\d+))"
)


def read_ifconfig(text: str) -> list[Interface]:
    """Read every interface, with neither speed nor, for most, kind."""
    found: list[Interface] = []
    for line in text.splitlines():
        head = None if line[:1].isspace() else _HEAD.match(line)
        if head:
            found.append(Interface(name=head["name"], up=False))
        if found and line.strip():
            found[-1] = _told(found[-1], line)
    return _merged(found)


def with_links(found: list[Interface], links: str) -> list[Interface]:
    """Add hardware address and MTU as AIX's ``netstat -in`` has them: ``1500 link#2 a.c6.24…``."""
    told = {
        words[0].rstrip("*"): words[1:4]
        for words in map(str.split, links.splitlines())
        if len(words) > _LINK and words[2].startswith("link#")
    }
    return [_with_link(each, told[each.name]) if each.name in told else each for each in found]


def _with_link(interface: Interface, words: list[str]) -> Interface:
    mac = _mac(words[2].replace(".", ":")) if _DOTTED_MAC.fullmatch(words[2]) else None
    mtu = interface.mtu_bytes or number(words[0])
    return replace(interface, mac=interface.mac or mac, mtu_bytes=mtu)


def _told(interface: Interface, line: str) -> Interface:
    flags = _flags(line)
    mac = _MAC.search(line)
    mtu = _MTU.search(line)
    return replace(
        interface,
        up=interface.up or "UP" in flags,
        kind="loopback" if "LOOPBACK" in flags else interface.kind,
        mac=_mac(mac[1]) if mac else interface.mac,
        mtu_bytes=int(mtu[1]) if mtu else interface.mtu_bytes,
        addresses=(*interface.addresses, *_addresses(line)),
    )


def _mac(text: str) -> str:
    """Write ``0:14:4f:fa:2:7e``, as Solaris does, out in full."""
    return ":".join(octet.zfill(2) for octet in text.lower().split(":"))


def _flags(line: str) -> list[str]:
    new = _FLAGS.search(line)
    if new:
        return new[1].split(",")
    return line.split() if "MTU:" in line else []


def _addresses(line: str) -> list[str]:
    found = [f"{each['address']}/{_length(each['mask'])}" for each in _V4.finditer(line)]
    found.extend(
        f"{each['address']}/{each['length'] or each['long']}" for each in _V6.finditer(line)
    )
    return found


def _length(mask: str | None) -> int:
    """Count the bits of ``255.255.255.0``, ``0xffffff00`` or ``ffffff00``; 32 for anything else."""
    if mask and re.fullmatch(r"(0x)?[0-9a-f]{8}", mask):
        return int(mask, 16).bit_count()
    try:
        return ipaddress.IPv4Network(f"0.0.0.0/{mask}").prefixlen
    except ValueError:
        return 32


def _merged(found: list[Interface]) -> list[Interface]:
    """Lay aliases such as ``eth0:1`` onto the interface that they are addresses of."""
    merged: dict[str, Interface] = {}
    for each in found:
        name = each.name.partition(":")[0]
        first = merged.get(name)
        merged[name] = (
            replace(first, addresses=first.addresses + each.addresses)
            if first
            else replace(each, name=name)
        )
    return list(merged.values())
