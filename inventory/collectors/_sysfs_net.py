"""What /sys/class/net and /proc/net/bonding say of an interface: kind, speed, driver, members."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from inventory.model.parts import Interface

_NET: Final = "/sys/class/net"
_BONDS: Final = "/proc/net/bonding/"
FILES: Final = (
    f"{_NET}/lo/type",
    f"{_NET}/*/device/uevent",
    f"{_NET}/*/device/sriov_numvfs",
    f"{_NET}/*/device/net/*/speed",
    f"{_NET}/*/device/net/*/duplex",
    f"{_NET}/bond*/speed",
    f"{_NET}/team*/speed",
    f"{_BONDS}*",
)
"""What is asked of every server. Virtual interfaces, of which there may be very many, are told by
``ip`` alone."""
_LOOPBACK: Final = "772"
"""ARPHRD_LOOPBACK of the kernel's if_arp.h."""
_KINDS: Final = {"wlan": "wireless"}
"""The kernel's words, where ours differ."""
_MODES: Final = {
    "round-robin": "balance-rr",
    "active-backup": "active-backup",
    "xor": "balance-xor",
    "broadcast": "broadcast",
    "802.3ad": "802.3ad",
    "transmit load balancing": "balance-tlb",
    "adaptive load balancing": "balance-alb",
}
"""By what /proc/net/bonding calls it (bond_main.c), the mode as the driver's documentation does."""


def speed_of(name: str, attributes: Mapping[str, str]) -> int | None:
    """Return the speed in megabits a second; None for an interface that has none."""
    return number(attributes.get(f"{_NET}/{name}/speed")) or None


def kind_of(name: str, attributes: Mapping[str, str], marks: Collection[str]) -> str | None:
    """Return the kind; None where sysfs says nothing of the interface.

    ``attributes`` are first lines by path; ``marks`` are paths that are there.
    """
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


def with_device(interface: Interface, files: Mapping[str, str]) -> Interface:
    """Add what the files of its device say: driver, speed, duplex, virtual functions.

    An interface that has a device is physical, unless it was told to be something else. One that
    has none is not, where the files of others show that sysfs is there.
    """
    name = interface.name
    device = files.get(f"{_NET}/{name}/device/uevent")
    kind = interface.kind
    if kind is None and device is not None:
        kind = "physical"
    elif kind is None and f"{_NET}/lo/type" in files:
        kind = "virtual"
    own = f"{_NET}/{name}/device/net/{name}"
    speed = number(files.get(f"{own}/speed")) or number(files.get(f"{_NET}/{name}/speed"))
    duplex = files.get(f"{own}/duplex", "").strip()
    return replace(
        interface,
        kind=kind,
        driver=_line(device or "", "DRIVER="),
        speed_mbps=speed or interface.speed_mbps,
        duplex=duplex if duplex in {"full", "half"} else interface.duplex,
        virtual_functions=number(files.get(f"{_NET}/{name}/device/sriov_numvfs"))
        or interface.virtual_functions,
    )


def with_bond(interface: Interface, files: Mapping[str, str]) -> Interface:
    """Add what /proc/net/bonding says of a bond: its members, the active one, its mode."""
    text = files.get(f"{_BONDS}{interface.name}")
    if text is None:
        return interface
    lines = text.splitlines()
    members = (each.partition(": ")[2] for each in lines if each.startswith("Slave Interface: "))
    active = _line(text, "Currently Active Slave: ")
    said = _line(text, "Bonding Mode: ") or ""
    return replace(
        interface,
        kind="bond",
        members=tuple(sorted(members)),
        active_member=None if active == "None" else active,
        mode=interface.mode or next((m for word, m in _MODES.items() if word in said), None),
    )


def _line(text: str, start: str) -> str | None:
    found = (each for each in text.splitlines() if each.startswith(start))
    return next(found, "").removeprefix(start).strip() or None
