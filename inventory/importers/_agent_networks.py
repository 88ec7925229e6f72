"""Interfaces, disks and filesystems of an agent's inventory.

Agents list an interface once for each of its addresses. Sizes are in MB: of 1024 KB for memory and
filesystems, as the systems count them; of 1000 KB for disks, as their makers do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from inventory.importers._agent_inventory import Row
from inventory.model.macs import spelled
from inventory.model.parts import AddressMethod, Disk, Filesystem, Interface

_MIB: Final = 1 << 20
_MB: Final = 10**6
_KINDS: Final = {
    "loopback": "loopback",
    "local": "loopback",
    "aggregate": "bond",
    "bond": "bond",
    "bridge": "bridge",
}
_NO_DISK: Final = re.compile(r"cd-?rom|\bdvd\b|\bcd\b|floppy|tape|diskette", re.IGNORECASE)
_SPEED: Final = re.compile(
    r"(\d{1,7}(?:\.\d{1,3})?)\s*(?:([MG])(?:b/s|bps|bit/s)?)?", re.IGNORECASE
)
_DRIVE: Final = re.compile(r"[A-Za-z]:\\?")


def interfaces_of(rows: Sequence[Row]) -> tuple[Interface, ...]:
    """Return the interfaces, without those of the management controller."""
    grouped: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        if row.truth("management"):
            continue
        name = row.text("description") or "interface"
        grouped.setdefault((name, spelled(row.text("mac", "macaddr"))), []).append(row)
    return tuple(_interface(name, mac, each) for (name, mac), each in grouped.items())


def _interface(name: str, mac: str | None, rows: list[Row]) -> Interface:
    first = rows[0]
    states = {(row.text("status") or "").lower() for row in rows}
    return Interface(
        name=name,
        mac=mac,
        addresses=tuple(dict.fromkeys(each for row in rows for each in _addresses(row))),
        up=True if "up" in states else (False if "down" in states else None),
        speed_mbps=_speed(first.text("speed") or ""),
        kind=_kind(first),
        mtu_bytes=first.whole("mtu"),
        driver=first.text("driver"),
        method=AddressMethod.DHCP if any(map(_is_leased, rows)) else None,
    )


def _speed(said: str) -> int | None:
    """Return Mb/s, which OCS may write with the unit: ``10 Gb/s``."""
    found = _SPEED.fullmatch(said)
    speed = float(found[1]) * (1000 if (found[2] or "").lower() == "g" else 1) if found else 0
    return round(speed) or None


def _kind(row: Row) -> str | None:
    """Return what an interface is; what is not said to be a device may be software."""
    told = _KINDS.get((row.text("type") or "").lower())
    if told:
        return told
    virtual = row.truth("virtualdev")
    return None if virtual is None else ("virtual" if virtual else "physical")


def _is_leased(row: Row) -> bool:
    return row.text("ipdhcp") not in {None, "0.0.0.0"}  # noqa: S104  # what stands for no address


def _addresses(row: Row) -> Iterator[str]:
    for field, mask in (("ipaddress", "ipmask"), ("ipaddress6", "ipmask6")):
        for said in row.all(field):
            for each in said.split("/"):
                if not each.strip().isdigit():
                    yield from _address(each, row.text(mask))


def _address(said: str, mask: str | None) -> Iterator[str]:
    try:
        address = ip_address(said.strip().split("%", maxsplit=1)[0])
    except ValueError as error:
        raise ValueError(f"{said!r} is no address") from error
    if address.is_unspecified:
        return
    try:
        bits = _bits(mask, is_v6=address.version == IPv6Address("::").version) if mask else None
    except ValueError:
        bits = None
    yield f"{address}/{bits}" if bits else str(address)


def _bits(mask: str, *, is_v6: bool) -> int:
    if is_v6:
        return int(IPv6Address(mask)).bit_count()
    return ip_network(f"0.0.0.0/{mask}").prefixlen


def disks_of(rows: Sequence[Row]) -> tuple[Disk, ...]:
    """Return the disks whose size is told; drives for CDs, tapes and such are none."""
    disks = []
    for number, row in enumerate(rows, 1):
        kind = " ".join(row.text(each) or "" for each in ("type", "description", "model"))
        size = row.whole("disksize")
        if size and not _NO_DISK.search(kind):
            disks.append(
                Disk(
                    name=row.text("name") or f"disk {number}",
                    size_bytes=size * _MB,
                    model=row.text("model"),
                    serial=row.text("serial", "serialnumber"),
                    vendor=row.text("manufacturer"),
                    firmware=row.text("firmware"),
                    wwn=row.text("wwn"),
                )
            )
    return tuple(disks)


def filesystems_of(rows: Sequence[Row]) -> tuple[Filesystem, ...]:
    """Return the filesystems; Windows' drives by their letters, without those for CDs."""
    found = []
    for row in rows:
        letter, kind = row.text("letter"), row.text("type") or ""
        drive = letter if letter and _DRIVE.fullmatch(letter) else None
        path = drive or kind
        size, free = row.whole("total"), row.whole("free")
        if path and not _NO_DISK.search(kind) and size:
            found.append(
                Filesystem(
                    mount_point=path,
                    device=drive or row.text("volumn") or path,
                    type=(row.text("filesystem") or "not told").lower(),
                    size_bytes=size * _MIB,
                    used_bytes=None,
                    free_bytes=None if free is None else free * _MIB,
                )
            )
    return tuple(found)
