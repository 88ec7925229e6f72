"""NetBox: CSV in the form of its bulk import, of release 4.3 or later.

The files are numbered in the order in which they must be imported. Those before the devices hold
what servers refer to; rows of what NetBox already has are to be deleted there, since it takes a
file as a whole or not at all. Where NetBox wants something that nobody knows, such as a device's
site, ``To be assigned`` stands, and is told. Of two servers with one name the second is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.exporters._aws_table import Row
from inventory.exporters._netbox_parts import Parts
from inventory.exporters._netbox_sheets import Sheets
from inventory.importers._netbox_objects import UNASSIGNED
from inventory.model.exporter import Exportable, Exporter, Written
from inventory.model.fact import FactKey, Facts
from inventory.model.facts import (
    CPU_THREADS,
    DISKS,
    MANUFACTURER,
    MEMORY_TOTAL,
    OS_NAME,
    PRODUCT,
    SERIAL,
    VIRTUALISATION,
)
from inventory.model.hardware import ASSET_TAG
from inventory.model.placement import (
    ANNOTATION,
    CLUSTER,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    DATACENTRE,
    HYPERVISOR_SERVER,
    INSTANCE_UUID,
    LOCATION,
    OWNER,
    POWER,
    PROVISIONED,
    ROLE,
    STATUS,
    TAGS,
    VIRTUAL_DISKS,
    VM_NAME,
    Power,
)
from inventory.model.server import Server

_ROLE: Final = "Server"
_GREY: Final = "9e9e9e"
_MIB: Final = 1 << 20
_MB: Final = 10**6
_LONGEST_NAME: Final = 64
_LONGEST_NUMBER: Final = 50
_STATUSES: Final = {"offline", "active", "planned", "staged", "failed", "decommissioning"}
_MACHINES_ONLY: Final = "paused"
_CLUSTER_TYPES: Final = {
    "vmware": "VMware vSphere",
    "kvm": "KVM",
    "hyperv": "Hyper-V",
    "xen": "Xen",
}


def _write(exportable: Exportable) -> Iterator[Written]:
    sheets = Sheets()
    parts = Parts(sheets=sheets)
    names: set[str] = set()
    for server in exportable.servers:
        virtual = _is_virtual(server.facts)
        sheet = "virtual-machines" if virtual else "devices"
        row = sheets.row(sheet, server, name=server.name)
        name = row.cells.get("name", "")
        if virtual is None:
            row.leave_out("it is not known whether it is virtual, so it is neither of NetBox's two")
        elif not name or len(name) > _LONGEST_NAME:
            row.leave_out(f"name is empty, a formula, or longer than {_LONGEST_NAME} characters")
        elif name.casefold() in names:
            row.leave_out("another server has this name, by which NetBox's files refer to it")
        else:
            names.add(name.casefold())
            _common(server, row, sheets, virtual=virtual)
            (_machine if virtual else _device)(server, row, sheets)
            parts.write(server, name, row, virtual=virtual)
    yield from sheets.written()


def _is_virtual(facts: Facts) -> bool | None:
    told = facts.value(VIRTUALISATION)
    if told:
        return told != "none"
    if facts.value(VM_NAME) or facts.value(INSTANCE_UUID) or facts.value(HYPERVISOR_SERVER):
        return True
    return False if facts.value(MANUFACTURER) and facts.value(PRODUCT) else None


def _common(server: Server, row: Row, sheets: Sheets, *, virtual: bool) -> None:
    facts = server.facts
    role = facts.value(ROLE) or _ROLE
    row.put("role", sheets.needs("device-roles", row, role, color=_GREY, vm_role="true"))
    row.put("platform", sheets.needs("platforms", row, facts.value(OS_NAME)))
    row.put("tenant", sheets.needs("tenants", row, facts.value(OWNER)))
    row.put("status", _status(server, virtual=virtual))
    row.put("comments", facts.value(ANNOTATION))
    _number(row, "serial", facts.value(SERIAL))
    plain = [each.name for each in facts.value(TAGS) or () if not each.value]
    slugs = [sheets.needs("tags", row, each) for each in plain]
    row.put("tags", ",".join(each for each in slugs if each))


def _status(server: Server, *, virtual: bool) -> str:
    told = (server.facts.value(STATUS) or "").lower()
    if told in _STATUSES or (virtual and told == _MACHINES_ONLY):
        return told
    power = server.facts.value(POWER)
    if power is Power.SUSPENDED and virtual:
        return _MACHINES_ONLY
    return "offline" if power in {Power.OFF, Power.SUSPENDED} or server.gone else "active"


def _number(row: Row, column: str, value: str | None) -> None:
    if value and len(value) > _LONGEST_NUMBER:
        row.lack(f"{column} is longer than {_LONGEST_NUMBER} characters: left out")
    else:
        row.put(column, value)


def _site(server: Server) -> str | None:
    """Return the site: the datacentre, or what a location begins with."""
    place = (server.facts.value(LOCATION) or "").split(",", maxsplit=1)[0].strip()
    return server.facts.value(DATACENTRE) or place or None


def _needed(row: Row, sheets: Sheets, sheet: str, name: str | None) -> str:
    """Return what NetBox insists on, or what stands where it is not known."""
    column = sheet.removesuffix("s").replace("-", "_")
    cells = {"status": "active"} if sheet == "sites" else {}
    if told := sheets.needs(sheet, row, name, **cells):
        return told
    row.lack(f"{column} is mandatory and not known: {UNASSIGNED!r} is written")
    return sheets.needs(sheet, row, UNASSIGNED, **cells) or UNASSIGNED


def _device(server: Server, row: Row, sheets: Sheets) -> None:
    facts = server.facts
    row.put("site", _needed(row, sheets, "sites", _site(server)))
    maker = _needed(row, sheets, "manufacturers", facts.value(MANUFACTURER))
    row.put("manufacturer", maker)
    model = facts.value(PRODUCT)
    if not model:
        row.lack(f"device_type is mandatory and not known: {UNASSIGNED!r} is written")
    told = sheets.needs(
        "device-types",
        row,
        model or f"{UNASSIGNED} ({maker})",
        manufacturer=maker,
        u_height="1",
        is_full_depth="true",
    )
    row.put("device_type", told)
    _number(row, "asset_tag", facts.value(ASSET_TAG))


def _machine(server: Server, row: Row, sheets: Sheets) -> None:
    facts = server.facts
    kind = _CLUSTER_TYPES.get(facts.value(VIRTUALISATION) or "", UNASSIGNED)
    if facts.value(CLUSTER):
        kind = sheets.needs("cluster-types", row, kind) or kind
    cluster = sheets.needs("clusters", row, facts.value(CLUSTER), type=kind, status="active")
    row.put("cluster", cluster)
    if not cluster:
        row.put("site", _needed(row, sheets, "sites", _site(server)))
    row.put("vcpus", _first(facts, CONFIGURED_CPUS, CPU_THREADS))
    memory = _first(facts, CONFIGURED_MEMORY, MEMORY_TOTAL)
    row.put("memory", None if memory is None else memory // _MIB)
    disk = _storage(facts)
    row.put("disk", None if disk is None else disk // _MB)


def _first(facts: Facts, *keys: FactKey[int]) -> int | None:
    return next((told for each in keys if (told := facts.value(each))), None)


def _storage(facts: Facts) -> int | None:
    """Return the bytes of all disks; None where one of them is not known."""
    if told := facts.value(PROVISIONED):
        return told
    sizes = [each.size_bytes for each in facts.value(VIRTUAL_DISKS) or facts.value(DISKS) or ()]
    known = [each for each in sizes if each]
    return sum(known) if known and len(known) == len(sizes) else None


EXPORTER: Final = Exporter(
    title="NetBox (CSV for its bulk import)",
    source="https://github.com/netbox-community/netbox at 43fe81f, netbox/*/forms/bulk_import.py "
    "(2026-11-23)",
    write=_write,
)
