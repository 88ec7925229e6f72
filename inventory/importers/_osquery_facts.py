"""Rows of osquery's tables → facts of a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._json import text
from inventory.importers._os_name import os_observations
from inventory.importers._self_firmware import Seen, state_firmware, virtualisation_of
from inventory.importers._self_parts import (
    address,
    holds_files,
    in_order,
    is_disk,
    once,
    source_and_options,
)
from inventory.importers._self_system import architecture, os_id, os_version
from inventory.importers._told import Told
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
    LISTENERS,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    PACKAGES,
    PROCESSES,
    SERVICES,
    VIRTUALISATION,
)
from inventory.model.hardware import CPU_SOCKETS
from inventory.model.parts import (
    Disk,
    Filesystem,
    Interface,
    Listener,
    Package,
    Process,
    Protocol,
    Service,
    ServiceState,
)
from inventory.model.placement import CONFIGURED_MEMORY

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
_PROTOCOLS: Final = {"6": Protocol.TCP, "17": Protocol.UDP}
"""As IANA numbers them."""
_FAMILIES: Final = {"windows": "windows", "darwin": "darwin", "freebsd": "freebsd"}
_STATES: Final = {
    "active": ServiceState.RUNNING,
    "inactive": ServiceState.STOPPED,
    "failed": ServiceState.FAILED,
    "running": ServiceState.RUNNING,
    "stopped": ServiceState.STOPPED,
}
_ENABLED: Final = {
    "enabled": True,
    "disabled": False,
    "auto_start": True,
    "demand_start": False,
}
_MOST_PORT: Final = 65535


def state_facts(tables: Tables, told: Told) -> None:
    """State what the tables tell."""
    for row in tables.get("system_info", ())[-1:]:
        _system(row, told)
    for row in tables.get("os_version", ())[-1:]:
        _release(row, told)
    for row in tables.get("kernel_info", ())[-1:]:
        told.text("kernel_info.version", KERNEL, row.get("version"))
    told.state("interface_addresses", INTERFACES, _interfaces(tables, told))
    told.state("listening_ports", LISTENERS, _listeners(tables, told))
    told.state("processes", PROCESSES, tuple(sorted(_processes(tables, told))))
    told.state("packages", PACKAGES, tuple(sorted(set(_packages(tables)))))
    told.state("mounts", FILESYSTEMS, once(_filesystems(tables, told)))
    told.state("block_devices", DISKS, tuple(sorted(_disks(tables, told))))
    told.state("services", SERVICES, tuple(sorted(_services(tables))))


def name_of(tables: Tables) -> str | None:
    """Return what the server calls itself."""
    for row in tables.get("system_info", ())[-1:]:
        return text(row.get("hostname")) or text(row.get("computer_name"))
    return None


def _system(row: Row, told: Told) -> None:
    name = text(row.get("hostname"))
    if name:
        told.text("system_info.hostname", HOSTNAME, name.partition(".")[0])
        told.text("system_info.hostname", FQDN, name.lower() if "." in name else None)
    told.count("system_info.cpu_logical_cores", CPU_THREADS, row.get("cpu_logical_cores"))
    told.count("system_info.cpu_sockets", CPU_SOCKETS, row.get("cpu_sockets"))
    told.text("system_info.cpu_brand", CPU_MODEL, row.get("cpu_brand"))
    told.count("system_info.cpu_physical_cores", CPU_CORES, row.get("cpu_physical_cores"))
    # What the firmware gives, where the kernel does not say less; more than the kernel manages.
    told.count("system_info.physical_memory", CONFIGURED_MEMORY, row.get("physical_memory"))
    arch = text(row.get("cpu_type"))
    if arch in {"x86_64", "aarch64", "arm64", "i686"}:
        told.state("system_info.cpu_type", ARCHITECTURE, architecture(arch))
    seen = {
        name: Seen(column=f"system_info.{column}", value=text(row.get(column)))
        for name, column in (
            ("product_uuid", "uuid"),
            ("product_serial", "hardware_serial"),
            ("sys_vendor", "hardware_vendor"),
            ("product_name", "hardware_model"),
            ("product_version", "hardware_version"),
            ("board_serial", "board_serial"),
        )
    }
    state_firmware(told, seen)
    virtual = virtualisation_of(None, is_guest=False, seen=seen)
    told.state("system_info.hardware_vendor", VIRTUALISATION, virtual)


def _release(row: Row, told: Told) -> None:
    platform = (text(row.get("platform")) or "").lower()
    name, version = text(row.get("name")), text(row.get("version"))
    family = _FAMILIES.get(platform, "linux" if platform else None)
    told.state("os_version.platform", OS_FAMILY, family)
    arch = text(row.get("arch"))
    told.state("os_version.arch", ARCHITECTURE, architecture(arch) if arch else None)
    if family == "windows" and name:
        for each in os_observations(name):
            if each.key is not OS_FAMILY:
                told.observe("os_version.name", each)
        return
    told.text("os_version.name", OS_NAME, _with_version(name, version))
    if family == "linux":
        identifier = os_id(platform)
        release = (version or "").partition(" ")[0]
        told.state("os_version.platform", OS_ID, identifier)
        told.state("os_version.version", OS_VERSION, os_version(identifier, release))


def _with_version(name: str | None, version: str | None) -> str | None:
    if not name or not version or version in name:
        return name
    return f"{name} {version}"


def _interfaces(tables: Tables, told: Told) -> tuple[Interface, ...]:
    found: dict[str, Interface] = {}
    for row in tables.get("interface_details", ()):
        name = text(row.get("friendly_name")) or text(row.get("interface"))
        number = text(row.get("interface"))
        if name and number:
            mac = (text(row.get("mac")) or "").lower()
            found[number] = Interface(
                name=name,
                mac=mac if mac.strip("0:") else None,
                mtu_bytes=told.whole("interface_details.mtu", row.get("mtu")),
            )
    for row in tables.get("interface_addresses", ()):
        number = text(row.get("interface"))
        held = address(text(row.get("address")) or "", text(row.get("mask")))
        if number and held:
            name = text(row.get("friendly_name")) or number
            each = found.get(number) or Interface(name=name)
            found[number] = replace(each, addresses=(*each.addresses, held))
    return in_order(
        replace(each, addresses=tuple(dict.fromkeys(each.addresses))) for each in found.values()
    )


def _listeners(tables: Tables, told: Told) -> tuple[Listener, ...]:
    names = {text(row.get("pid")): text(row.get("name")) for row in tables.get("processes", ())}
    found = set()
    for row in tables.get("listening_ports", ()):
        port = told.whole("listening_ports.port", row.get("port"))
        protocol = _PROTOCOLS.get(text(row.get("protocol")) or "")
        at = text(row.get("address"))
        if protocol and at and port and port <= _MOST_PORT:
            pid = told.whole("listening_ports.pid", row.get("pid"))
            process = text(row.get("name")) or names.get(text(row.get("pid")))
            found.add(Listener(protocol=protocol, address=at, port=port, process=process, pid=pid))
    return tuple(
        sorted(found, key=lambda each: (each.protocol.value, each.address, each.port, str(each)))
    )


def _processes(tables: Tables, told: Told) -> Iterator[Process]:
    for row in tables.get("processes", ()):
        pid = told.whole("processes.pid", row.get("pid"))
        name = text(row.get("name"))
        command = text(row.get("cmdline"))
        if pid and name and command:
            arguments = without_secrets(f"cmdline:{command}".replace(" ", "\t")).partition(":")[2]
            yield Process(
                pid=pid,
                name=name,
                command_line=arguments.replace("\t", " "),
                parent_pid=told.whole("processes.parent", row.get("parent")),
                memory_bytes=told.whole("processes.resident_size", row.get("resident_size")),
            )


def _packages(tables: Tables) -> Iterator[Package]:
    for row in tables.get("deb_packages", ()):
        if "installed" in (text(row.get("status")) or "installed"):
            yield from _package(row, "dpkg", text(row.get("version")))
    for row in tables.get("rpm_packages", ()):
        epoch, release = text(row.get("epoch")), text(row.get("release"))
        version = "-".join(filter(None, (text(row.get("version")), release)))
        before = f"{epoch}:" if epoch and epoch != "0" else ""
        yield from _package(row, "rpm", f"{before}{version}")
    for row in tables.get("programs", ()):
        yield from _package(row, "windows", text(row.get("version")), text(row.get("publisher")))


def _package(
    row: Row, manager: str, version: str | None, vendor: str | None = None
) -> Iterator[Package]:
    name = text(row.get("name"))
    if name:
        yield Package(
            name=name,
            version=version or "",
            architecture=text(row.get("arch")),
            manager=manager,
            vendor=vendor or text(row.get("vendor")),
        )


def _filesystems(tables: Tables, told: Told) -> Iterator[Filesystem]:
    for row in tables.get("mounts", ()):
        path, kind = text(row.get("path")), text(row.get("type")) or ""
        if not path or not holds_files(path, kind):
            continue
        unit = told.whole("mounts.blocks_size", row.get("blocks_size"))
        blocks = _blocks(row, told, unit)
        source, options = source_and_options(
            text(row.get("device")) or "", kind, (text(row.get("flags")) or "").split(",")
        )
        yield Filesystem(
            mount_point=path,
            device=source,
            type=kind,
            options=tuple(each for each in options if each),
            **blocks,
        )
    for row in tables.get("logical_drives", ()):
        yield from _drive(row, told)


def _blocks(row: Row, told: Told, unit: int | None) -> dict[str, int | None]:
    total, free, available = (
        told.whole(f"mounts.{name}", row.get(name))
        for name in ("blocks", "blocks_free", "blocks_available")
    )
    if not unit or not total:
        return {"size_bytes": None, "used_bytes": None, "free_bytes": None}
    return {
        "size_bytes": total * unit,
        "used_bytes": None if free is None else (total - free) * unit,
        "free_bytes": None if available is None else available * unit,
    }


def _drive(row: Row, told: Told) -> Iterator[Filesystem]:
    name = text(row.get("device_id"))
    size = told.whole("logical_drives.size", row.get("size"))
    free = told.whole("logical_drives.free_space", row.get("free_space"))
    if name and size:
        yield Filesystem(
            mount_point=name,
            device=name,
            type=(text(row.get("file_system")) or "").lower(),
            size_bytes=size,
            used_bytes=None if free is None else size - free,
            free_bytes=free,
        )


def _disks(tables: Tables, told: Told) -> Iterator[Disk]:
    for row in tables.get("block_devices", ()):
        name = (text(row.get("name")) or "").removeprefix("/dev/")
        blocks = told.whole("block_devices.size", row.get("size"))
        unit = told.whole("block_devices.block_size", row.get("block_size"))
        if name and blocks and unit and not text(row.get("parent")) and is_disk(name):
            model, vendor = text(row.get("model")), text(row.get("vendor"))
            yield Disk(name=name, size_bytes=blocks * unit, model=model, vendor=vendor)
    for row in tables.get("disk_info", ()):
        size = told.whole("disk_info.disk_size", row.get("disk_size"))
        index = text(row.get("disk_index"))
        if size and index:
            yield Disk(
                name=f"disk{index}",
                size_bytes=size,
                model=text(row.get("hardware_model")),
                serial=text(row.get("serial")),
            )


def _services(tables: Tables) -> Iterator[Service]:
    units = (
        (text(row.get("id")), row.get("active_state"), row.get("unit_file_state"), row)
        for row in tables.get("systemd_units", ())
    )
    services = (
        (text(row.get("name")), row.get("status"), row.get("start_type"), row)
        for row in tables.get("services", ())
    )
    yield from _named(((name, *rest) for name, *rest in units if (name or "").endswith(".service")))
    yield from _named(services)


def _named(found: Iterable[Sequence[Any]]) -> Iterator[Service]:
    for name, state, start, row in found:
        if name:
            yield Service(
                name=str(name).removesuffix(".service"),
                state=_STATES.get((text(state) or "").lower(), ServiceState.UNKNOWN),
                enabled=_ENABLED.get((text(start) or "").lower()),
                description=text(row.get("description")) or text(row.get("display_name")),
                path=text(row.get("fragment_path")),
            )
