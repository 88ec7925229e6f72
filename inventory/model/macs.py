"""MAC addresses: one spelling, and which of them are one network card's own.

Left out is what several servers have at once, or have in turn: the addresses of redundancy
protocols, of software adapters that ship with a fixed one, and of bridges.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inventory.model.parts import Interface

_DIGITS: Final = re.compile(r"[0-9a-f]{12}\Z")
_SHARED: Final = (
    "00:00:00:00:00:00",
    "00:00:0c:07:ac:",  # HSRP
    "00:00:0c:9f:f",  # HSRP, version 2
    "00:05:73:a0:0",  # HSRP for IPv6
    "00:07:b4:00:",  # GLBP
    "00:00:5e:00:01:",  # VRRP (RFC 5798)
    "00:00:5e:00:02:",  # VRRP for IPv6
    "02:42:",  # Docker's bridges and containers
    "02:bf:",  # Microsoft's network load balancing
    "00:05:9a:3c:7a:00",  # Cisco AnyConnect's adapter
    "00:50:56:c0:00:",  # VMware's host-only adapters
    "0a:00:27:00:00:",  # VirtualBox's host-only adapters
    "02:00:4c:4f:4f:50",  # Microsoft's and Npcap's loopback adapters
    "02:00:4e:43:50:49",  # NCP's adapter
    "20:41:53:59:4e:ff",  # Windows' RAS adapter
    "24:b6:20:52:41:53",  # Windows' WAN miniport
    "33:50:6f:45:30:30",  # Windows' PPPoE miniport
    "50:50:54:50:30:30",  # Windows' PPTP miniport
    "00:a0:c6:00:00:00",  # Qualcomm's modems
    "00:0b:ca:fe:00:00",
    "fe:ff:ff:ff:ff:ff",
    "ff:ff:ff:ff:ff:ff",
)
"""Beginnings. The fixed ones of adapters are those that GLPI refuses (src/Blacklist.php)."""
_OF_HYPERVISORS: Final = ("52:54:00:", "42:01:")
"""Locally administered, and yet given out one by one: KVM's and Google's."""
_LOCAL, _GROUP = 0x02, 0x01


def spelled(text: str | None) -> str | None:
    """Return a MAC address in lower case with colons, from any usual spelling; None if none."""
    digits = re.sub(r"[\s:.-]", "", text or "").lower()
    if not _DIGITS.match(digits):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def own_mac(interface: Interface) -> str | None:
    """Return the MAC address that an interface has to itself.

    None for anything but a network card; where it is not said what the interface is, also for
    addresses that software makes up for itself.
    """
    if interface.kind not in {None, "physical"}:
        return None
    mac = spelled(interface.permanent_mac) or spelled(interface.mac)
    if mac is None or mac.startswith(_SHARED):
        return None
    first = int(mac[:2], 16)
    made_up = bool(first & _LOCAL) and not mac.startswith(_OF_HYPERVISORS)
    return None if first & _GROUP or (made_up and interface.kind is None) else mac
