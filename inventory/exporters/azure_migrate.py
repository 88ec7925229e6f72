"""Azure Migrate: the CSV template by which servers are imported into it.

Plain UTF-8, of at most 20,000 servers a file. Azure Migrate wants to know a server's processors,
memory and operating system: a server of which one of these is not known is left out, and told.
It knows a server by its name, so that of two with one name the second is left out. Sizes of disks
are rounded up to whole GB; of each measure of the load the average is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from inventory.exporters import _aws_facts as told
from inventory.exporters._aws_load import load_cells
from inventory.exporters._aws_table import Row, files
from inventory.exporters._azure_os import system_of
from inventory.model.exporter import Exportable, Exporter, Written
from inventory.model.fact import Facts
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_CORES,
    CPU_THREADS,
    DISKS,
    FQDN,
    KERNEL,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_VERSION,
    VIRTUALISATION,
)
from inventory.model.parts import BootType
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    STORAGE_USED,
    VIRTUAL_DISKS,
)
from inventory.model.server import Server

MOST_SERVERS: Final = 20_000
"""Of one file."""
MOST_DISKS: Final = 8
"""Of one server, as the description says."""
_NAME, _CORES, _MEMORY, _SYSTEM = "*Server name", "*Cores", "*Memory (In MB)", "*OS name"
_BEFORE_DISKS: Final = (
    *(_NAME, "IP addresses", _CORES, _MEMORY, _SYSTEM, "OS version", "OS architecture"),
    *("Server type", "Hypervisor", "CPU utilization percentage", "Memory utilization percentage"),
    *("Network adapters", "Network In throughput", "Network Out throughput", "Boot type"),
    *("Number of disks", "Storage in use (In GB)"),
)
_SIZE: Final = "Disk {} size (In GB)"
_OF_DISK: Final = (
    _SIZE,
    "Disk {} read throughput (MB per second)",
    "Disk {} write throughput (MB per second)",
    "Disk {} read ops (operations per second)",
    "Disk {} write ops (operations per second)",
)
_MIB: Final = 1 << 20
_GIB: Final = 1 << 30
_KIB_A_MIB: Final = 1024
_ARCHITECTURES: Final = {"x86_64": "x64", "amd64": "x64", **dict.fromkeys(("i686", "i386"), "x86")}
_HYPERVISORS: Final = {"vmware": "VMware", "hyperv": "Hyper-V", "kvm": "KVM", "xen": "Xen"}


def _write(exportable: Exportable) -> Iterator[Written]:
    seen: set[str] = set()
    rows = [_row(each, seen) for each in exportable.servers]
    for number, start in enumerate(range(0, max(1, len(rows)), MOST_SERVERS), 1):
        part = rows[start : start + MOST_SERVERS]
        name = f"azure-migrate-import{'' if number == 1 else f'-{number}'}.csv"
        yield from files(name, _columns(part), part)


def _columns(rows: list[Row]) -> tuple[str, ...]:
    """Return the template's columns, with as many disks as any server has."""
    widths = (
        sum(_SIZE.format(number) in row.cells for number in range(1, MOST_DISKS + 1))
        for row in rows
    )
    disks = range(1, max(1, max(widths, default=1)) + 1)
    return (*_BEFORE_DISKS, *(each.format(number) for number in disks for each in _OF_DISK))


def _row(server: Server, seen: set[str]) -> Row:
    facts, row = server.facts, Row(server=server)
    row.put(_NAME, facts.value(FQDN) or server.name)
    row.put("IP addresses", ";".join(told.addresses(facts)))
    _put_sizes(row)
    _put_system(row)
    _put_disks(row)
    _put_load(row)
    unknown = [each[1:] for each in (_NAME, _CORES, _MEMORY, _SYSTEM) if each not in row.cells]
    if unknown:
        row.leave_out(f"mandatory and not known: {', '.join(unknown)}")
    name = row.cells.get(_NAME, "").casefold()
    if not row.left_out and name in seen:
        row.leave_out(f"Server name: there is another {row.cells[_NAME]}")
    elif not row.left_out:
        seen.add(name)
    return row


def _put_sizes(row: Row) -> None:
    facts = row.server.facts
    given = facts.value(CONFIGURED_CPUS) or facts.value(CPU_THREADS)
    cores = facts.value(CPU_CORES)
    row.put(_CORES, (cores or given if _is_physical(facts) else given or cores) or None)
    memory = facts.value(CONFIGURED_MEMORY) or facts.value(MEMORY_TOTAL)
    row.put(_MEMORY, round(memory / _MIB) or None if memory else None)
    used = facts.value(STORAGE_USED)
    row.put("Storage in use (In GB)", math.ceil(used / _GIB) if used else None)


def _is_physical(facts: Facts) -> bool:
    return facts.value(VIRTUALISATION) == "none"


def _put_system(row: Row) -> None:
    facts = row.server.facts
    if system := system_of(facts):
        row.put(_SYSTEM, system.name)
        if not system.listed:
            row.lack(f"OS name: {system.name!r} is not on Microsoft's list: it may not be assessed")
    kernel = facts.value(KERNEL) if facts.value(OS_FAMILY) == "windows" else None
    row.put("OS version", kernel or facts.value(OS_VERSION))
    row.put("OS architecture", _ARCHITECTURES.get(facts.value(ARCHITECTURE) or ""))
    virtualisation = facts.value(VIRTUALISATION)
    if virtualisation:
        row.put("Server type", "Physical" if _is_physical(facts) else "Virtual")
        row.put("Hypervisor", _HYPERVISORS.get(virtualisation))
    boot = {BootType.BIOS: "BIOS", BootType.UEFI: "UEFI", None: None}
    row.put("Boot type", boot[facts.value(BOOT_TYPE)])


def _put_disks(row: Row) -> None:
    sizes = _sizes(row.server.facts)
    row.put("Number of disks", len(sizes) or None)
    for number, size in enumerate(sizes[:MOST_DISKS], 1):
        row.put(_SIZE.format(number), math.ceil(size / _GIB))
    if len(sizes) > MOST_DISKS:
        row.lack(f"Disk sizes: {MOST_DISKS} of {len(sizes)} fit: the others are left out")


def _sizes(facts: Facts) -> list[int]:
    seen = [each.size_bytes for each in facts.value(DISKS) or () if not each.removable]
    given = [each.size_bytes for each in facts.value(VIRTUAL_DISKS) or () if each.size_bytes]
    return [each for each in seen if each] or given


def _put_load(row: Row) -> None:
    """Fill in the load; of the disks together it is told, and stands by one disk alone."""
    facts = row.server.facts
    load = load_cells(facts)
    row.put("CPU utilization percentage", _rounded(load.get("CPU.UsagePct.Avg")))
    used = load.get("RAM.UsedSizeInMB.Avg")
    memory = facts.value(MEMORY_TOTAL) or facts.value(CONFIGURED_MEMORY)
    share = used * _MIB / memory * 100 if used is not None and memory else None
    row.put("Memory utilization percentage", _rounded(share))
    for column, told_as, unit in (
        ("Network In throughput", "NetworkReadsPerSecondInKB.Avg", _KIB_A_MIB),
        ("Network Out throughput", "NetworkWritesPerSecondInKB.Avg", _KIB_A_MIB),
        (_OF_DISK[1].format(1), "DiskReadsPerSecondInKB.Avg", _KIB_A_MIB),
        (_OF_DISK[2].format(1), "DiskWritesPerSecondInKB.Avg", _KIB_A_MIB),
        (_OF_DISK[3].format(1), "DiskReadsOpsPerSecond.Avg", 1),
        (_OF_DISK[4].format(1), "DiskWritesOpsPerSecond.Avg", 1),
    ):
        value = load.get(told_as)
        if value is not None and (not column.startswith("Disk") or len(_sizes(facts)) == 1):
            row.put(column, _rounded(value / unit))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


EXPORTER: Final = Exporter(
    title="Azure Migrate import template",
    source="https://learn.microsoft.com/azure/migrate/tutorial-discover-import (2026-11-23)",
    write=_write,
)
