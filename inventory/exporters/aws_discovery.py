"""AWS Application Discovery Service and Migration Hub: the import template, filled in.

Plain UTF-8 without a mark, in files of at most 10 MB. A server that came from Migration Hub keeps
the ExternalId by which that knows it; any other gets Decant's identifier, by which a second import
finds it again. An account takes 10,000 imported servers unless Amazon raises that, and an
application 400; the template has no disks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from inventory.exporters import _aws_facts as told
from inventory.exporters._aws_load import LOAD_COLUMNS, load_cells
from inventory.exporters._aws_table import Row, files
from inventory.model.exporter import Exportable, Exporter, Written
from inventory.model.fact import Facts
from inventory.model.facts import (
    CPU_CORES,
    CPU_THREADS,
    KERNEL,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_NAME,
    OS_VERSION,
    SMBIOS_UUID,
)
from inventory.model.hardware import CPU_SOCKETS
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    CONFIGURED_SOCKETS,
    MANAGED_ID,
    NAMED_APPLICATIONS,
    NAMED_WAVE,
    VM_NAME,
)
from inventory.model.server import Server

_COLUMNS: Final = (
    *("ExternalId", "SMBiosId", "IPAddress", "MACAddress", "HostName", "VMware.MoRefId"),
    *("VMware.VCenterId", "CPU.NumberOfProcessors", "CPU.NumberOfCores"),
    *("CPU.NumberOfLogicalCores", "OS.Name", "OS.Version", "VMware.VMName", "RAM.TotalSizeInMB"),
    *LOAD_COLUMNS,
    *("Applications", "ApplicationWave", "Tags", "ServerId"),
)
_MIB: Final = 1 << 20
_MOST_BYTES: Final = 10_000_000
_MOST_TAGS: Final = 30
"""Of one server, and bytes of a file:
https://docs.aws.amazon.com/application-discovery/latest/userguide/ads-service-limits.html
(2026-11-23)."""


def _write(exportable: Exportable) -> Iterator[Written]:
    rows = map(_row, exportable.servers)
    yield from files("aws-discovery-import.csv", _COLUMNS, rows, most_bytes=_MOST_BYTES)


def _row(server: Server) -> Row:
    facts, row = server.facts, Row(server=server)
    row.put("ExternalId", told.number_of(facts, "ExternalId") or server.id)
    row.put("ServerId", told.number_of(facts, "Migration Hub"))
    row.put("SMBiosId", facts.value(SMBIOS_UUID))
    row.put("IPAddress", ", ".join(told.addresses(facts)))
    row.put("MACAddress", ", ".join(told.macs(facts)))
    row.put("HostName", told.host_name(facts))
    row.put("VMware.VMName", facts.value(VM_NAME))
    _put_reference(row)
    _put_hardware(row)
    row.put("OS.Name", facts.value(OS_NAME))
    row.put("OS.Version", _version(facts))
    for column, value in load_cells(facts).items():
        row.put(column, value)
    _put_plans(row)
    return row


def _put_reference(row: Row) -> None:
    """Fill both halves of vCenter's reference: one without the other is refused."""
    manager, _, machine = (row.server.facts.value(MANAGED_ID) or "").rpartition(":")
    if manager and machine:
        row.put("VMware.MoRefId", machine)
        row.put("VMware.VCenterId", manager)


def _put_hardware(row: Row) -> None:
    facts = row.server.facts
    row.put("CPU.NumberOfProcessors", facts.value(CPU_SOCKETS) or facts.value(CONFIGURED_SOCKETS))
    row.put("CPU.NumberOfCores", facts.value(CPU_CORES))
    row.put("CPU.NumberOfLogicalCores", facts.value(CPU_THREADS) or facts.value(CONFIGURED_CPUS))
    memory = facts.value(CONFIGURED_MEMORY) or facts.value(MEMORY_TOTAL)
    row.put("RAM.TotalSizeInMB", memory / _MIB if memory else None)


def _version(facts: Facts) -> str | None:
    """Return the release; of Windows its kernel's number, which stands in this column there."""
    kernel = facts.value(KERNEL) if facts.value(OS_FAMILY) == "windows" else None
    return kernel or facts.value(OS_VERSION)


def _put_plans(row: Row) -> None:
    facts = row.server.facts
    named = facts.value(NAMED_APPLICATIONS) or ()
    row.put("Applications", ", ".join(_without(row, "Applications", named, ",")))
    row.put("ApplicationWave", facts.value(NAMED_WAVE))
    tags = tuple(
        f"{each.name}:{each.value}" for each in told.tags(facts) if not _is_torn(row, each.name)
    )
    fit = _without(row, "Tags", tags, ",")
    if len(fit) > _MOST_TAGS:
        row.lack(f"Tags: a server has {_MOST_TAGS} at most; {len(fit) - _MOST_TAGS} are left out")
    row.put("Tags", ", ".join(fit[:_MOST_TAGS]))


def _is_torn(row: Row, name: str) -> bool:
    if ":" in name:
        row.lack(f"Tags: the name {name!r} holds ':', which ends a tag's name: left out")
    return ":" in name


def _without(row: Row, column: str, parts: Iterable[str], mark: str) -> tuple[str, ...]:
    """Leave out what would be taken for several."""
    parts = tuple(parts)
    for each in parts:
        if mark in each:
            row.lack(f"{column}: {each!r} holds {mark!r}, which parts them: left out")
    return tuple(each for each in parts if mark not in each)


EXPORTER: Final = Exporter(
    title="AWS Application Discovery Service and Migration Hub",
    source="https://docs.aws.amazon.com/application-discovery/latest/userguide/"
    "discovery-import.html (2026-11-23)",
    write=_write,
)
