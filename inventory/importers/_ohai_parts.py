"""Disks, filesystems, interfaces and packages, as Ohai tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.importers._json import mapping, text, texts
from inventory.importers._self_parts import (
    addresses,
    holds_files,
    in_order,
    is_disk,
    maker,
    once,
    source_and_options,
    transport_of,
)
from inventory.importers._told import Told
from inventory.model.macs import spelled
from inventory.model.parts import Disk, Filesystem, Interface, Package

_SECTOR: Final = 512
"""Bytes of what the kernel counts a disk in, whatever its own sectors are."""
_KB: Final = {"windows": 1000}
"""Bytes of a kilobyte: on Windows Ohai divides by 1000 (lib/ohai/plugins/windows/filesystem.rb)."""
_CABLES: Final = frozenset({"veth", "bridge", "bonding", "tun", "dummy", "802.1Q VLAN Support"})
_KINDS: Final = {"Loopback": "loopback", "VLAN": "vlan"}
_TYPES: Final = {"bridge": "bridge", "bond": "bond", "veth": "veth", "vlan": "vlan"}
_MANAGERS: Final = {
    **dict.fromkeys(("debian",), "dpkg"),
    **dict.fromkeys(("rhel", "fedora", "amazon", "suse"), "rpm"),
}


def disks(block_devices: Any, told: Told) -> tuple[Disk, ...]:
    """Return the whole disks, of Linux alone: elsewhere Ohai tells none."""
    return tuple(_disks(block_devices, told))


def _disks(block_devices: Any, told: Told) -> Iterator[Disk]:
    for name, each in sorted(mapping(block_devices).items()):
        device = mapping(each)
        sectors = told.whole(f"block_device.{name}.size", device.get("size"))
        if not sectors or not is_disk(name):
            continue
        logical, physical = (
            told.whole(f"block_device.{name}.{kind}_block_size", device.get(f"{kind}_block_size"))
            for kind in ("logical", "physical")
        )
        yield Disk(
            name=name.replace("!", "/"),
            size_bytes=sectors * _SECTOR,
            model=text(device.get("model")),
            rotational=_flag(device.get("rotational")),
            removable=_flag(device.get("removable")),
            vendor=maker(text(device.get("vendor"))),
            firmware=text(device.get("firmware_rev")) or text(device.get("rev")),
            transport=transport_of(name),
            sector_bytes=logical,
            physical_sector_bytes=physical,
        )


def _flag(said: Any) -> bool | None:
    return {"0": False, "1": True}.get(text(said) or "")


def filesystems(document: Mapping[str, Any], told: Told, family: str) -> tuple[Filesystem, ...]:
    """Return what is mounted, from the newest of the forms that Ohai has told it in."""
    return once(
        each for point, mount in _mounts(document) if (each := _mounted(point, mount, told, family))
    )


def _mounts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield mount points, and what is told of each."""
    for name in ("filesystem", "filesystem2"):
        points = mapping(mapping(document.get(name)).get("by_mountpoint"))
        if points:
            yield from ((point, mapping(each)) for point, each in points.items())
            return
    for device, each in mapping(document.get("filesystem")).items():
        mount = mapping(each)
        if point := text(mount.get("mount")):
            yield point, {"devices": [device], **mount}


def _mounted(point: str, mount: Mapping[str, Any], told: Told, family: str) -> Filesystem | None:
    kind = text(mount.get("fs_type"))
    if not kind or not holds_files(point, kind):
        return None
    unit = _KB.get(family, 1024)
    size, used, free = (
        None if count is None else count * unit
        for count in (
            told.whole(f"filesystem.{point}.{name}", mount.get(name))
            for name in ("kb_size", "kb_used", "kb_available")
        )
    )
    inodes, free_inodes = (
        told.whole(f"filesystem.{point}.{name}", mount.get(name))
        for name in ("total_inodes", "inodes_available")
    )
    device, options = source_and_options(
        next(iter(texts(mount.get("devices"))), ""), kind, texts(mount.get("mount_options"))
    )
    return Filesystem(
        mount_point=point,
        device=device or point,
        type=kind,
        size_bytes=size,
        used_bytes=used,
        free_bytes=free,
        inodes=inodes or None,
        free_inodes=free_inodes if inodes else None,
        options=tuple(options),
    )


def interfaces(network: Mapping[str, Any], told: Told) -> tuple[Interface, ...]:
    """Return the interfaces; Windows' are called by what their adapters are."""
    held = mapping(network.get("interfaces"))
    return in_order(_interface(name, mapping(each), told) for name, each in held.items())


def _interface(name: str, card: Mapping[str, Any], told: Told) -> Interface:
    column = f"network.interfaces.{name}"
    held = mapping(card.get("addresses"))
    pairs, macs = [], []
    for address, each in held.items():
        one = mapping(each)
        if text(one.get("family")) == "lladdr":
            macs.append(spelled(address))
        else:
            pairs.append((address, text(one.get("prefixlen")) or text(one.get("netmask"))))
    flags = texts(card.get("flags"))
    driver = text(mapping(card.get("driver_info")).get("driver")) or text(card.get("driver"))
    kind = _kind(card, driver)
    speed = told.whole(f"{column}.link_speed", card.get("link_speed"))
    return Interface(
        name=text(mapping(card.get("instance")).get("net_connection_id")) or name,
        mac=None if kind == "loopback" else next((each for each in macs if each), None),
        # As the kernel lists them, and we do: those of IPv4 first.
        addresses=tuple(sorted(addresses(pairs), key=lambda each: ":" in each)),
        up=_is_up(flags, text(card.get("state"))),
        speed_mbps=(speed or None) if kind == "physical" else None,
        kind=kind,
        mtu_bytes=told.whole(f"{column}.mtu", card.get("mtu")),
        driver=driver if kind == "physical" else None,
        vlan=told.whole(f"{column}.vlan.id", mapping(card.get("vlan")).get("id")),
    )


def _is_up(flags: tuple[str, ...], state: str | None) -> bool | None:
    if flags:
        return "UP" in flags and "NO-CARRIER" not in flags
    return {"up": True, "down": False}.get((state or "").lower())


def _kind(card: Mapping[str, Any], driver: str | None) -> str | None:
    """Return what an interface is; one with a driver of hardware is a card."""
    known = _KINDS.get(text(card.get("encapsulation")) or "")
    known = known or _TYPES.get(text(card.get("type")) or "")
    if known or driver in {"veth", "bridge"}:
        return known or driver
    return "physical" if driver and driver not in _CABLES else None


def packages(document: Mapping[str, Any]) -> tuple[Package, ...]:
    """Return the packages, of systems whose manager is sure; else none are told."""
    manager = _MANAGERS.get(text(document.get("platform_family")) or "")
    if manager is None:
        return ()
    found = (_package(name, mapping(each), manager) for name, each in _listed(document))
    return tuple(each for each in found if each)


def _listed(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(mapping(document.get("packages")).items())


def _package(name: str, each: Mapping[str, Any], manager: str) -> Package | None:
    version, release = text(each.get("version")), text(each.get("release"))
    if not version:
        return None
    if manager == "rpm" and release:
        epoch = text(each.get("epoch")) or "0"
        version = (
            f"{version}-{release}" if epoch in {"0", "(none)"} else f"{epoch}:{version}-{release}"
        )
    return Package(
        name=re.sub(r":\w+\Z", "", name),
        version=version,
        architecture=text(each.get("arch")),
        manager=manager,
    )
