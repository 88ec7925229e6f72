"""What /sys/class/net says of an interface: its kind and its speed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NET: Final = "/sys/class/net"
_LOOPBACK: Final = "772"
"""ARPHRD_LOOPBACK of the kernel's if_arp.h."""
_KINDS: Final = {"wlan": "wireless"}
"""The kernel's words, where ours differ."""


def speed_of(name: str, attributes: Mapping[str, str]) -> int | None:
    """Return the speed in megabits a second; None for an interface that has none."""
    return number(attributes.get(f"{_NET}/{name}/speed")) or None


def kind_of(name: str, attributes: Mapping[str, str], marks: Collection[str]) -> str | None:
    """Return the kind; None where sysfs says nothing of the interface."""
    folder = f"{_NET}/{name}"
    declared = attributes.get(f"{folder}/uevent", "").removeprefix("DEVTYPE=")
    if attributes.get(f"{folder}/type") == _LOOPBACK:
        return "loopback"
    if declared and "=" not in declared:
        return _KINDS.get(declared, declared)
    for mark, kind in (("bonding", "bond"), ("bridge", "bridge"), ("device", "physical")):
        if f"{folder}/{mark}" in marks:
            return kind
    if f"{folder}/tun_flags" in attributes:
        return "tunnel"
    return "virtual" if f"{folder}/type" in attributes else None
