"""What Ansible gathered of one server → facts.

The columns are Ansible's names for them, with or without ``ansible_`` before it. What a server's
environment, its own facts or its command line hold is never read: there may be secrets in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from inventory.importers._ansible_parts import disks, filesystems, interfaces
from inventory.importers._json import mapping, sequence, text, texts
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
    VIRTUALISATION,
)
from inventory.model.hardware import CPU_FLAGS, CPU_SOCKETS, CPU_VENDOR
from inventory.model.network import DNS_SEARCH, DNS_SERVERS, DOMAIN, GATEWAYS
from inventory.model.software import FIPS, OS_CODENAME, SELINUX, SERVICE_MANAGER

PREFIX: Final = "ansible_"
_MB: Final = 1 << 20
_VENDORS: Final = frozenset(
    {"GenuineIntel", "AuthenticAMD", "HygonGenuine", "CentaurHauls", "IBM/S390"}
)
_FAMILIES: Final = {"win32nt": "windows", "microsoft": "windows"}
_X86: Final = ("x86_64", "amd64", "i386", "i486", "i586", "i686")
_FIRMWARE: Final = (
    *("bios_vendor", "bios_version", "bios_date", "product_name", "product_uuid"),
    *("product_serial", "product_version", "chassis_serial", "chassis_asset_tag"),
    *("board_vendor", "board_name", "board_version", "board_serial", "board_asset_tag"),
)
_MANAGERS: Final = frozenset({"systemd", "openrc"})
"""What Ansible and we call alike; of the others it gives a kind, and we the program's name."""
_NOT_TOLD: Final = frozenset({"NA", "N/A", "n/a", "unknown", "(none)"})


def own_names(document: Document) -> dict[str, Any]:
    """Return facts by their names without ``ansible_``."""
    plain = {name: each for name, each in document.items() if not name.startswith(PREFIX)}
    return plain | {
        name.removeprefix(PREFIX): each
        for name, each in document.items()
        if name.startswith(PREFIX)
    }


def state_facts(facts: Mapping[str, Any], told: Told) -> None:
    """State what the facts of one server say, by the names that :func:`own_names` gives."""
    family = family_of(facts)
    _names(facts, told, family)
    _system(facts, told, family)
    _hardware(facts, told)
    _processors(facts, told, family)
    _memory(facts, told, family)
    told.state(f"{PREFIX}devices", DISKS, disks(facts, told))
    told.state(f"{PREFIX}mounts", FILESYSTEMS, filesystems(facts, told))
    told.state(f"{PREFIX}interfaces", INTERFACES, interfaces(facts, told))
    _network(facts, told)


def family_of(facts: Mapping[str, Any]) -> str:
    """Return the family of the kernel: linux, windows, freebsd …; empty when it is not told."""
    system = (text(facts.get("system")) or "").lower()
    if not system and text(facts.get("os_family")) == "Windows":
        return "windows"
    return _FAMILIES.get(system, system)


def known_at(facts: Mapping[str, Any]) -> datetime | None:
    """Return when the facts were gathered, by the server's clock."""
    said = text(mapping(facts.get("date_time")).get("iso8601")) or ""
    try:
        # Without a Z it is local time, of which one does not know where.
        return datetime.fromisoformat(said).astimezone(UTC) if said.endswith("Z") else None
    except (ValueError, OverflowError):
        return None


def _value(facts: Mapping[str, Any], name: str) -> str | None:
    said = text(facts.get(name))
    return None if said in _NOT_TOLD else said


def _names(facts: Mapping[str, Any], told: Told, family: str) -> None:
    name = _value(facts, "hostname") or _value(facts, "nodename")
    if name and name != "localhost":
        told.state(f"{PREFIX}hostname", HOSTNAME, name.partition(".")[0])
    full = (_value(facts, "fqdn") or "").lower().rstrip(".")
    if "." in full and not full.startswith("localhost.") and not full.endswith(".arpa"):
        told.state(f"{PREFIX}fqdn", FQDN, full)
        told.state(f"{PREFIX}fqdn", DOMAIN, full.partition(".")[2])
    if family != "windows":
        told.state(f"{PREFIX}machine_id", MACHINE_ID, _value(facts, "machine_id"))


def _system(facts: Mapping[str, Any], told: Told, family: str) -> None:
    told.state(f"{PREFIX}system", OS_FAMILY, family)
    if family == "windows":
        name = _value(facts, "os_name") or _value(facts, "distribution")
        for each in os_observations(name) if name else ():
            if each.key.name != OS_FAMILY.name:
                told.observe(f"{PREFIX}distribution", each)
    else:
        _distribution(facts, told, family)
    if family != "aix":
        told.state(f"{PREFIX}kernel", KERNEL, _value(facts, "kernel"))
    for name in ("architecture2", "machine", "architecture"):
        if (word := _value(facts, name)) is not None:
            told.state(f"{PREFIX}{name}", ARCHITECTURE, architecture(word))
            break
    if isinstance(facts.get("fips"), bool) and family == "linux":
        told.state(f"{PREFIX}fips", FIPS, facts["fips"])
    manager = _value(facts, "service_mgr")
    told.state(f"{PREFIX}service_mgr", SERVICE_MANAGER, manager if manager in _MANAGERS else None)
    selinux = mapping(facts.get("selinux"))
    mode = _value(selinux, "status" if selinux.get("status") == "disabled" else "mode")
    told.state(f"{PREFIX}selinux", SELINUX, mode)


def _distribution(facts: Mapping[str, Any], told: Told, family: str) -> None:
    name = _value(facts, "distribution")
    if not name:
        return
    version = _value(facts, "distribution_version")
    identifier = os_id(name, version)
    told.state(f"{PREFIX}distribution", OS_ID, identifier)
    release = _value(facts, "distribution_release")
    if family == "openbsd" and version == "release":
        version = release
    if version:
        told.state(f"{PREFIX}distribution_version", OS_VERSION, os_version(identifier, version))
    if family == "linux":
        told.state(f"{PREFIX}distribution_release", OS_CODENAME, release)
        lsb = _value(mapping(facts.get("lsb")), "description")
        told.state(f"{PREFIX}lsb", OS_NAME, lsb.strip("\"'") if lsb else None)
    elif family == "sunos":
        told.state(f"{PREFIX}distribution_release", OS_NAME, release)


def _hardware(facts: Mapping[str, Any], told: Told) -> None:
    seen = {
        name: Seen(column=f"{PREFIX}{name}", value=said)
        for name in _FIRMWARE
        if (said := _value(facts, name))
    }
    if vendor := _value(facts, "system_vendor"):
        seen["sys_vendor"] = Seen(column=f"{PREFIX}system_vendor", value=vendor)
    state_firmware(told, seen)
    found = virtualisation_of(
        _value(facts, "virtualization_type"),
        is_guest=text(facts.get("virtualization_role")) != "host",
        seen=seen,
        flags=texts(facts.get("flags")),
    )
    told.state(f"{PREFIX}virtualization_type", VIRTUALISATION, found)


def _processors(facts: Mapping[str, Any], told: Told, family: str) -> None:
    """State counts, each as the family's part of Ansible counts it.

    Source: ansible/lib/ansible/module_utils/facts/hardware, and setup.ps1 of ansible.windows
    (read 2026-11-23). Off x86 Linux shows Ansible neither cores nor sockets.
    """
    each_package, packages, threads = (
        facts.get(f"processor_{name}") for name in ("cores", "count", "vcpus")
    )
    cores_of_one = told.whole(f"{PREFIX}processor_cores", each_package)
    sockets = told.whole(f"{PREFIX}processor_count", packages)
    machine = _value(facts, "machine") or _value(facts, "architecture") or ""
    if family == "windows" or (family == "linux" and machine.lower() in _X86):
        told.count(f"{PREFIX}processor_count", CPU_SOCKETS, sockets)
        if cores_of_one and sockets:
            told.count(f"{PREFIX}processor_cores", CPU_CORES, cores_of_one * sockets)
    if family in {"linux", "windows", "aix", "darwin"}:
        told.count(f"{PREFIX}processor_vcpus", CPU_THREADS, threads)
    elif family in {"freebsd", "openbsd", "dragonfly"}:
        told.count(f"{PREFIX}processor_count", CPU_THREADS, sockets)
    elif family == "sunos":
        told.count(f"{PREFIX}processor_cores", CPU_THREADS, cores_of_one)
    words = [each for each in texts(facts.get("processor")) if not each.isdigit()]
    vendor = next((each for each in words if each in _VENDORS), None)
    model = next((each for each in words if each not in _VENDORS), None)
    told.state(f"{PREFIX}processor", CPU_VENDOR, vendor)
    told.state(f"{PREFIX}processor", CPU_MODEL, model)
    told.state(f"{PREFIX}flags", CPU_FLAGS, tuple(sorted(set(texts(facts.get("flags"))))))


def _memory(facts: Mapping[str, Any], told: Told, family: str) -> None:
    size = told.whole(f"{PREFIX}memtotal_mb", facts.get("memtotal_mb"))
    if size:
        told.state(f"{PREFIX}memtotal_mb", MEMORY_TOTAL, size * _MB)
    elif family == "windows":
        told.count(f"{PREFIX}totalmem", MEMORY_TOTAL, facts.get("totalmem"))


def _network(facts: Mapping[str, Any], told: Told) -> None:
    ways = (text(mapping(facts.get(f"default_{each}")).get("gateway")) for each in ("ipv4", "ipv6"))
    told.state(f"{PREFIX}default_ipv4", GATEWAYS, tuple(each for each in ways if each))
    asked = mapping(facts.get("dns"))
    servers = tuple(_unless_own(texts(asked.get("nameservers"))))
    told.state(f"{PREFIX}dns", DNS_SERVERS, servers)
    told.state(f"{PREFIX}dns", DNS_SEARCH, texts(sequence(asked.get("search"))))


def _unless_own(servers: tuple[str, ...]) -> Iterator[str]:
    """Yield the name servers; none where the server asks itself, and whom it asks is not told."""
    if not all(each.startswith(("127.", "::1")) for each in servers):
        yield from servers
