"""What Facter told of one server → facts. The columns are the facts' names, with dots between.

Custom and external facts, and what clouds tell a server at its start, are never read: there may be
secrets in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.importers._facter_flat import structured
from inventory.importers._json import mapping, objects, text, texts
from inventory.importers._os_name import os_observations
from inventory.importers._self_firmware import Seen, state_firmware, virtualisation_of
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
from inventory.importers._self_system import architecture, os_id, os_version
from inventory.importers._told import Document, Told
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_CORES,
    CPU_MODEL,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    VIRTUALISATION,
)
from inventory.model.hardware import CLOUD_INSTANCE, CLOUD_TYPE, CPU_SOCKETS
from inventory.model.macs import spelled
from inventory.model.network import DOMAIN
from inventory.model.parts import Disk, Filesystem, Interface
from inventory.model.software import FIPS, OS_CODENAME, SELINUX

_FIRMWARE: Final = {
    "sys_vendor": "manufacturer",
    "product_name": "product.name",
    "product_serial": "product.serial_number",
    "product_uuid": "product.uuid",
    "product_version": "product.version",
    "bios_vendor": "bios.vendor",
    "bios_version": "bios.version",
    "bios_date": "bios.release_date",
    "board_vendor": "board.manufacturer",
    "board_name": "board.product",
    "board_serial": "board.serial_number",
    "board_asset_tag": "board.asset_tag",
    "chassis_asset_tag": "chassis.asset_tag",
}
_X86: Final = ("x86_64", "amd64", "i386", "i486", "i586", "i686")
_LOOPBACK: Final = re.compile(r"lo\d*\Z|Loopback")


def state_facts(facts: Document, told: Told) -> None:
    """State what the facts of one server say, flat or structured."""
    whole = structured(facts)
    family = (text(whole.get("kernel")) or "").lower()
    _names(whole, told)
    _system(whole, told, family)
    _hardware(whole, told)
    _processors(whole, told)
    memory = at(whole, "memory.system.total_bytes")
    told.count("memory.system.total_bytes", MEMORY_TOTAL, memory)
    told.state("disks", DISKS, tuple(_disks(whole, told)))
    told.state("mountpoints", FILESYSTEMS, once(_filesystems(whole, told)))
    six = family != "sunos"
    told.state("networking.interfaces", INTERFACES, in_order(_interfaces(whole, told, six=six)))


def at(document: Mapping[str, Any], path: str) -> Any:
    """Return what stands at ``os.release.full``; None where nothing does."""
    found: Any = document
    for name in path.split("."):
        found = mapping(found).get(name)
    return found


def own_name(facts: Document) -> str | None:
    """Return what a server calls itself."""
    whole = structured(facts)
    for path in ("networking.fqdn", "networking.hostname"):
        said = text(at(whole, path))
        if said and said.partition(".")[0] != "localhost":
            return said
    return None


def _names(whole: Mapping[str, Any], told: Told) -> None:
    name = text(at(whole, "networking.hostname"))
    if name and name != "localhost":
        told.state("networking.hostname", HOSTNAME, name.partition(".")[0])
    full = (text(at(whole, "networking.fqdn")) or "").lower().rstrip(".")
    if "." in full and not full.startswith("localhost."):
        told.state("networking.fqdn", FQDN, full)
        told.state("networking.fqdn", DOMAIN, full.partition(".")[2])


def _system(whole: Mapping[str, Any], told: Told, family: str) -> None:
    told.state("kernel", OS_FAMILY, family)
    if family == "windows":
        for each in os_observations(name) if (name := _windows(whole)) else ():
            if each.key.name != OS_FAMILY.name:
                told.observe("os.windows.product_name", each)
    else:
        _distribution(whole, told, family)
    if family != "aix":
        told.text("kernelrelease", KERNEL, whole.get("kernelrelease"))
    # AIX's gives the model in place of the architecture.
    for path in ("os.hardware", "os.architecture") if family != "aix" else ():
        if (word := text(at(whole, path))) is not None:
            told.state(path, ARCHITECTURE, architecture(word))
            break
    if family == "linux" and (fips := _truth(whole.get("fips_enabled"))) is not None:
        told.state("fips_enabled", FIPS, fips)
    enabled = _truth(at(whole, "os.selinux.enabled"))
    if enabled is not None and family == "linux":
        mode = text(at(whole, "os.selinux.current_mode"))
        told.state("os.selinux", SELINUX, mode if enabled else "disabled")


def _windows(whole: Mapping[str, Any]) -> str | None:
    """Return the name of a Windows; old versions give its release, or the kernel's, alone."""
    named = text(at(whole, "os.windows.product_name"))
    release = text(at(whole, "os.release.full")) or ""
    if named or not re.fullmatch(r"20\d\d( R2)?|7|8|8\.1|10|11|XP|Vista", release):
        return named
    return f"Windows Server {release}" if release.startswith("20") else f"Windows {release}"


def _distribution(whole: Mapping[str, Any], told: Told, family: str) -> None:
    name = text(at(whole, "os.name"))
    if not name:
        return
    version = text(at(whole, "os.release.full"))
    identifier = os_id(name, version)
    told.state("os.name", OS_ID, identifier)
    level = re.match(r"(\d)(\d)00-", version or "")
    if level and family == "aix":
        told.state("os.release.full", OS_VERSION, f"{level[1]}.{level[2]}")
    elif version:
        plain = version.partition("-")[0] if family.endswith("bsd") else version
        told.state("os.release.full", OS_VERSION, os_version(identifier, plain))
    if family == "linux":
        told.text("os.distro.codename", OS_CODENAME, _unless_na(at(whole, "os.distro.codename")))
        described = at(whole, "os.distro.description")
        told.text("os.distro.description", OS_NAME, _unless_na(described))


def _unless_na(said: Any) -> Any:
    return None if said in ("n/a", "N/A", "(none)") else said


def _truth(said: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(said).lower())


def _hardware(whole: Mapping[str, Any], told: Told) -> None:
    seen = {
        name: Seen(column=f"dmi.{path}", value=said)
        for name, path in _FIRMWARE.items()
        if (said := text(at(whole, f"dmi.{path}")))
    }
    state_firmware(told, seen)
    found = virtualisation_of(
        text(whole.get("virtual")), is_guest=_truth(whole.get("is_virtual")) is True, seen=seen
    )
    told.state("virtual", VIRTUALISATION, found)
    # Amazon alone tells the identifier by which a server is known to it.
    told.text("ec2_metadata.instance-id", CLOUD_INSTANCE, at(whole, "ec2_metadata.instance-id"))
    told.text("ec2_metadata.instance-type", CLOUD_TYPE, at(whole, "ec2_metadata.instance-type"))


def _processors(whole: Mapping[str, Any], told: Told) -> None:
    """State counts; off x86 Facter takes what it does not see for one, or for none."""
    told.count("processors.count", CPU_THREADS, at(whole, "processors.count"))
    machine = text(at(whole, "os.hardware")) or text(at(whole, "os.architecture")) or ""
    if machine.lower() in _X86:
        sockets = told.whole("processors.physicalcount", at(whole, "processors.physicalcount"))
        cores = told.whole("processors.cores", at(whole, "processors.cores"))
        told.count("processors.physicalcount", CPU_SOCKETS, sockets)
        if cores and sockets:
            told.count("processors.cores", CPU_CORES, cores * sockets)
    model = next(iter(texts(at(whole, "processors.models"))), None)
    told.state("processors.models", CPU_MODEL, model)


def _disks(whole: Mapping[str, Any], told: Told) -> Iterator[Disk]:
    for name, each in sorted(mapping(whole.get("disks")).items()):
        device = mapping(each)
        size = told.whole(f"disks.{name}.size_bytes", device.get("size_bytes"))
        if is_disk(name) and size:
            yield Disk(
                name=name.replace("!", "/"),
                size_bytes=size,
                model=text(device.get("model")) or text(device.get("product")),
                serial=text(device.get("serial_number")) or text(device.get("serial")),
                rotational={"hdd": True, "ssd": False}.get(text(device.get("type")) or ""),
                vendor=maker(text(device.get("vendor"))),
                wwn=text(device.get("wwn")),
                transport=transport_of(name),
            )


def _filesystems(whole: Mapping[str, Any], told: Told) -> Iterator[Filesystem]:
    for point, each in mapping(whole.get("mountpoints")).items():
        mount = mapping(each)
        kind = text(mount.get("filesystem"))
        if not kind or not holds_files(point, kind):
            continue
        size, used, free = (
            told.whole(f"mountpoints.{point}.{name}", mount.get(name))
            for name in ("size_bytes", "used_bytes", "available_bytes")
        )
        device, options = source_and_options(
            text(mount.get("device")) or "", kind, texts(mount.get("options"))
        )
        yield Filesystem(
            mount_point=point,
            device=device,
            type=kind,
            size_bytes=size,
            used_bytes=used,
            free_bytes=free,
            options=tuple(options),
        )


def _interfaces(whole: Mapping[str, Any], told: Told, *, six: bool) -> Iterator[Interface]:
    """Yield the interfaces; ``six`` is False where Facter writes IPv6 addresses wrong."""
    for name, each in mapping(at(whole, "networking.interfaces")).items():
        card = mapping(each)
        pairs = [
            (text(one.get("address")), text(one.get("netmask")))
            for kind in ("bindings", "bindings6" if six else "bindings")
            for one in objects(card.get(kind))
        ]
        if not card.get("bindings"):
            # Facter 2 and 3.0 tell one address of a card, and no list.
            pairs.insert(0, (text(card.get("ip")), text(card.get("netmask"))))
        real = card.get("physical") is True
        state = text(card.get("operational_state"))
        speed = told.whole(f"networking.interfaces.{name}.speed", card.get("speed"))
        yield Interface(
            name=name,
            mac=spelled(text(card.get("mac"))),
            addresses=tuple(addresses(pairs)),
            up={"up": True, "down": False}.get(state or ""),
            speed_mbps=(speed or None) if real else None,
            kind="physical" if real else "loopback" if _LOOPBACK.match(name) else None,
            mtu_bytes=told.whole(f"networking.interfaces.{name}.mtu", card.get("mtu")),
            duplex=text(card.get("duplex")) if real else None,
        )
