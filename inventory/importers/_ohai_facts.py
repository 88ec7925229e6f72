"""What Ohai told of one server → facts. The columns are its attributes, with dots between.

What a cloud gave the server at its start, its users and their keys are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from inventory.importers._json import mapping, text, texts
from inventory.importers._ohai_parts import disks, filesystems, interfaces, packages
from inventory.importers._os_name import os_observations
from inventory.importers._self_firmware import Seen, state_firmware, virtualisation_of
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
    MACHINE_ID,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    PACKAGES,
    VIRTUALISATION,
)
from inventory.model.hardware import (
    CLOUD_INSTANCE,
    CLOUD_TYPE,
    CPU_FLAGS,
    CPU_SOCKETS,
    CPU_VENDOR,
)
from inventory.model.network import DOMAIN, GATEWAYS
from inventory.model.software import FIPS, OS_CODENAME, SERVICE_MANAGER
from inventory.reading import values

_FAMILIES: Final = {"solaris2": "sunos", "hpux": "hp-ux"}
_MANAGERS: Final = frozenset({"systemd", "openrc"})
_X86: Final = ("x86_64", "amd64", "i386", "i486", "i586", "i686", "i86pc")
_FIRMWARE: Final = {
    "sys_vendor": ("system", "manufacturer"),
    "product_name": ("system", "product_name"),
    "product_serial": ("system", "serial_number"),
    "product_uuid": ("system", "uuid"),
    "product_version": ("system", "version"),
    "product_family": ("system", "family"),
    "product_sku": ("system", "sku_number"),
    "bios_vendor": ("bios", "vendor"),
    "bios_version": ("bios", "version"),
    "bios_date": ("bios", "release_date"),
    "board_vendor": ("base_board", "manufacturer"),
    "board_name": ("base_board", "product_name"),
    "board_version": ("base_board", "version"),
    "board_serial": ("base_board", "serial_number"),
    "board_asset_tag": ("base_board", "asset_tag"),
    "chassis_serial": ("chassis", "serial_number"),
    "chassis_asset_tag": ("chassis", "asset_tag"),
}
_KIBIBYTE: Final = 1024


def state_facts(document: Document, told: Told) -> None:
    """State what the attributes of one server say."""
    system = (text(document.get("os")) or "").lower()
    family = _FAMILIES.get(system, system)
    _names(document, told)
    _system(document, told, family)
    _processors(document, told)
    _hardware(document, told)
    _memory(document, told)
    network = mapping(document.get("network"))
    told.state("block_device", DISKS, disks(document.get("block_device"), told))
    told.state("filesystem", FILESYSTEMS, filesystems(document, told, family))
    told.state("network.interfaces", INTERFACES, interfaces(network, told))
    ways = (text(network.get(name)) for name in ("default_gateway", "default_inet6_gateway"))
    told.state("network.default_gateway", GATEWAYS, tuple(each for each in ways if each))
    told.state("packages", PACKAGES, packages(document))


def known_at(document: Document) -> datetime | None:
    """Return when Ohai ran, by the server's clock."""
    said = document.get("ohai_time")
    try:
        return datetime.fromtimestamp(float(text(said) or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def own_name(document: Document) -> str | None:
    """Return what a server calls itself."""
    for name in ("fqdn", "machinename", "hostname"):
        said = text(document.get(name))
        if said and said.partition(".")[0].lower() != "localhost":
            return said
    return None


def _names(document: Document, told: Told) -> None:
    name = text(document.get("hostname"))
    if name and name != "localhost":
        told.state("hostname", HOSTNAME, name.partition(".")[0])
    full = (text(document.get("fqdn")) or "").lower().rstrip(".")
    if "." in full and not full.startswith("localhost."):
        told.state("fqdn", FQDN, full)
        told.state("fqdn", DOMAIN, full.partition(".")[2])
    told.text("machine_id", MACHINE_ID, document.get("machine_id"))


def _system(document: Document, told: Told, family: str) -> None:
    told.state("os", OS_FAMILY, family)
    kernel = mapping(document.get("kernel"))
    if family == "windows":
        name = text(kernel.get("name"))
        for each in os_observations(name) if name else ():
            if each.key.name != OS_FAMILY.name:
                told.observe("kernel.name", each)
    elif isinstance(document.get("os_release"), dict):
        _of_os_release(document["os_release"], told)
    else:
        _of_platform(document, told)
    # AIX's is its version's second number alone.
    if family != "aix":
        told.text("kernel.release", KERNEL, kernel.get("release"))
    machine = text(kernel.get("machine"))
    told.state("kernel.machine", ARCHITECTURE, architecture(machine) if machine else None)
    fips = mapping(mapping(document.get("fips")).get("kernel")).get("enabled")
    if isinstance(fips, bool) and family == "linux":
        told.state("fips.kernel.enabled", FIPS, fips)
    manager = text(document.get("init_package"))
    told.state("init_package", SERVICE_MANAGER, manager if manager in _MANAGERS else None)


def _of_os_release(release: Mapping[str, Any], told: Told) -> None:
    for name, key in (
        ("id", OS_ID),
        ("version_id", OS_VERSION),
        ("pretty_name", OS_NAME),
        ("version_codename", OS_CODENAME),
    ):
        told.text(f"os_release.{name}", key, release.get(name))


def _of_platform(document: Document, told: Told) -> None:
    name, version = text(document.get("platform")), text(document.get("platform_version"))
    identifier = os_id(name, version) if name else None
    told.state("platform", OS_ID, identifier)
    if identifier == "solaris":
        version = (text(mapping(document.get("kernel")).get("update")) or "").partition(" ")[0]
    plain = (version or "").partition("-")[0]
    told.state("platform_version", OS_VERSION, os_version(identifier, plain))
    lsb = mapping(document.get("lsb"))
    told.text("lsb.description", OS_NAME, lsb.get("description"))
    told.text("lsb.codename", OS_CODENAME, lsb.get("codename"))


def _processors(document: Document, told: Told) -> None:
    """State counts; where Ohai sees no packages of processors, it tells none of them."""
    cpu = mapping(document.get("cpu"))
    told.count("cpu.total", CPU_THREADS, cpu.get("total"))
    machine = text(mapping(document.get("kernel")).get("machine")) or ""
    if machine.lower() in _X86 and text(cpu.get("real")) not in {"0", None}:
        told.count("cpu.real", CPU_SOCKETS, cpu.get("real"))
        told.count("cpu.cores", CPU_CORES, cpu.get("cores"))
    first = mapping(cpu.get("0"))
    model = text(first.get("model_name")) or text(cpu.get("model_name"))
    vendor = text(first.get("vendor_id")) or text(cpu.get("vendor_id"))
    told.state("cpu.0.model_name", CPU_MODEL, model)
    told.state("cpu.0.vendor_id", CPU_VENDOR, vendor)
    told.state("cpu.0.flags", CPU_FLAGS, _flags(document))


def _flags(document: Document) -> tuple[str, ...]:
    cpu = mapping(document.get("cpu"))
    return tuple(sorted(set(texts(mapping(cpu.get("0")).get("flags")) or texts(cpu.get("flags")))))


def _hardware(document: Document, told: Told) -> None:
    dmi = mapping(document.get("dmi"))
    seen = {
        name: Seen(column=f"dmi.{part}.{field}", value=said)
        for name, (part, field) in _FIRMWARE.items()
        if (said := text(mapping(dmi.get(part)).get(field)))
    }
    state_firmware(told, seen)
    virtual = mapping(document.get("virtualization"))
    found = virtualisation_of(
        text(virtual.get("system")),
        is_guest=text(virtual.get("role")) == "guest",
        seen=seen,
        flags=_flags(document),
    )
    told.state("virtualization", VIRTUALISATION, found)
    cloud = mapping(document.get("ec2"))
    told.text("ec2.instance_id", CLOUD_INSTANCE, cloud.get("instance_id"))
    told.text("ec2.instance_type", CLOUD_TYPE, cloud.get("instance_type"))


def _memory(document: Document, told: Told) -> None:
    said = text(mapping(document.get("memory")).get("total"))
    try:
        told.state("memory.total", MEMORY_TOTAL, values.size(said, _KIBIBYTE) or None)
    except ValueError as error:
        told.unread.append(f"memory.total: {error}")
