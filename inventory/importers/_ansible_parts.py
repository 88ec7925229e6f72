"""Disks, filesystems and interfaces, as Ansible gathers them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from inventory.importers._json import mapping, objects, text, texts
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
from inventory.model.parts import Disk, Filesystem, Interface

_SECTOR: Final = 512
_COUNTED_RIGHT: Final = ("processor_nproc", "virtualization_tech_guest")
"""Facts that Ansible gives since it counts sectors in their own size: before, it multiplied the
kernel's, of 512 bytes, with whatever size the disk has."""
_KINDS: Final = {"bonding": "bond", "bridge": "bridge", "loopback": "loopback"}
_NAMED: Final = (("veth", "veth"), ("docker", "bridge"), ("virbr", "bridge"), ("lo", "loopback"))


def disks(facts: Mapping[str, Any], told: Told) -> tuple[Disk, ...]:
    """Return the whole disks; of an old Ansible only those whose size it counted right."""
    trusted = any(name in facts for name in _COUNTED_RIGHT)
    found = []
    for name, device in mapping(facts.get("devices")).items():
        each = mapping(device)
        sectors = told.whole(f"ansible_devices: {name}: sectors", each.get("sectors"))
        size = told.whole(f"ansible_devices: {name}: sectorsize", each.get("sectorsize"))
        if not is_disk(name) or not sectors or not size or (size != _SECTOR and not trusted):
            continue
        found.append(_disk(name.replace("!", "/"), sectors * size, size, each))
    return tuple(sorted(found, key=lambda each: each.name))


def _disk(name: str, size: int, sector: int, told: Mapping[str, Any]) -> Disk:
    return Disk(
        name=name,
        size_bytes=size,
        model=text(told.get("model")),
        serial=text(told.get("serial")),
        rotational=_flag(told.get("rotational")),
        vendor=maker(text(told.get("vendor"))),
        wwn=text(told.get("wwn")),
        transport=transport_of(name),
        removable=_flag(told.get("removable")),
        sector_bytes=sector,
    )


def _flag(said: Any) -> bool | None:
    return {"0": False, "1": True}.get(text(said) or "")


def filesystems(facts: Mapping[str, Any], told: Told) -> tuple[Filesystem, ...]:
    """Return what is mounted, without what is used: there, what root alone may fill counts too."""
    return once(_mounted(facts, told))


def _mounted(facts: Mapping[str, Any], told: Told) -> Iterator[Filesystem]:
    for each in objects(facts.get("mounts")):
        point, kind = text(each.get("mount")), text(each.get("fstype"))
        if not point or not kind or not holds_files(point, kind):
            continue
        size, free, inodes, free_inodes = (
            told.whole(f"ansible_mounts: {point}: {name}", each.get(name))
            for name in ("size_total", "size_available", "inode_total", "inode_available")
        )
        device, options = source_and_options(
            text(each.get("device")) or "", kind, (text(each.get("options")) or "").split(",")
        )
        yield Filesystem(
            mount_point=point,
            device=device,
            type=kind,
            size_bytes=size,
            used_bytes=None,
            free_bytes=free,
            inodes=inodes or None,
            free_inodes=free_inodes if inodes else None,
            options=tuple(option for option in options if option and option != "bind"),
        )


def interfaces(facts: Mapping[str, Any], told: Told) -> tuple[Interface, ...]:
    """Return the interfaces; of Windows, the adapters that have a name."""
    named = facts.get("interfaces")
    if any(True for _ in objects(named)):
        return in_order(_with_addresses(tuple(_adapters(facts, told)), facts))
    keys = (re.sub(r"[-.:]", "_", name) for name in texts(named))
    found = (mapping(facts.get(key)) for key in keys)
    return in_order(
        _interface(name, each, told) for each in found if (name := text(each.get("device")))
    )


def _interface(name: str, each: Mapping[str, Any], told: Told) -> Interface:
    column = f"ansible_{name}"
    mac = spelled(text(each.get("macaddress")))
    permanent = spelled(text(each.get("perm_macaddress")))
    pairs = [
        (text(one.get("address")), text(one.get("prefix")) or text(one.get("netmask")))
        for kind in ("ipv4", "ipv4_secondaries", "ipv6")
        for one in objects(each.get(kind))
    ]
    kind = _kind(name, each)
    real = kind in {"physical", "bond"}
    return Interface(
        name=name,
        mac=None if kind == "loopback" else mac,
        addresses=tuple(addresses(pairs)),
        up=each["active"] if isinstance(each.get("active"), bool) else _is_up(each),
        # Cables that are made of software claim a speed, too.
        speed_mbps=(told.whole(f"{column}: speed", each.get("speed")) or None) if real else None,
        kind=kind,
        mtu_bytes=told.whole(f"{column}: mtu", each.get("mtu")),
        driver=text(each.get("module")),
        permanent_mac=permanent if permanent != mac else None,
        members=tuple(sorted((*texts(each.get("slaves")), *texts(each.get("interfaces"))))),
        mode=text(each.get("mode")) if kind == "bond" else None,
    )


def _is_up(each: Mapping[str, Any]) -> bool | None:
    flags = texts(each.get("flags"))
    return "UP" in flags if flags else None


def _kind(name: str, each: Mapping[str, Any]) -> str | None:
    """Return what an interface is; an Ethernet one is a card only where there is a device."""
    flags = texts(each.get("flags"))
    known = _KINDS.get(text(each.get("type")) or "")
    if known or "LOOPBACK" in flags:
        return known or "loopback"
    if text(each.get("pciid")):
        return "physical"
    return next((kind for start, kind in _NAMED if name.startswith(start) and start != "lo"), None)


def _adapters(facts: Mapping[str, Any], told: Told) -> Iterator[Interface]:
    for each in objects(facts.get("interfaces")):
        name = text(each.get("connection_name")) or text(each.get("interface_name"))
        if not name:
            continue
        column = f"ansible_interfaces: {name}"
        pairs = [
            (text(one.get("address")), text(one.get("prefix")))
            for kind in ("ipv4", "ipv6")
            for one in objects(each.get(kind))
        ]
        yield Interface(
            name=name,
            mac=spelled(text(each.get("macaddress"))),
            addresses=tuple(addresses(pairs)),
            speed_mbps=told.whole(f"{column}: speed", each.get("speed")) or None,
            mtu_bytes=told.whole(f"{column}: mtu", each.get("mtu")),
        )


def _with_addresses(
    adapters: tuple[Interface, ...], facts: Mapping[str, Any]
) -> tuple[Interface, ...]:
    """Give the addresses that older versions list apart to the only adapter, or to one of theirs.

    Without a prefix length, which those versions do not tell.
    """
    listed = texts(facts.get("ip_addresses")) or texts(facts.get("all_ipv4_addresses"))
    held = tuple(addresses((each, None) for each in listed))
    if not held or any(each.addresses for each in adapters):
        return adapters
    if len(adapters) == 1:
        return (replace(adapters[0], addresses=held),)
    return (*adapters, Interface(name="of any adapter", addresses=held))
