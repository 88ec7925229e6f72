"""CSV of NetBox → objects: tables that it exports, and files in the form that it imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inventory.importers._netbox_objects import Reference, Sort, Told, tag
from inventory.model.placement import Tag
from inventory.reading.table import Cell, Table, plain

_FIELDS: Final = {
    "id": ("ID",),
    "name": ("Name",),
    "status": ("Status",),
    "role": ("Role",),
    "manufacturer": ("Manufacturer",),
    "device_type": ("device_type",),
    "type": ("Type",),
    "platform": ("Platform",),
    "serial": ("Serial number", "serial"),
    "asset_tag": ("Asset tag",),
    "site": ("Site",),
    "location": ("Location",),
    "rack": ("Rack",),
    "position": ("Position",),
    "cluster": ("Cluster",),
    "device": ("Device",),
    "virtual_machine": ("Virtual Machine",),
    "tenant": ("Tenant",),
    "owner": ("Owner",),
    "primary_ip": ("IP Address", "primary_ip"),
    "primary_ip4": ("IPv4 Address", "primary_ip4"),
    "primary_ip6": ("IPv6 Address", "primary_ip6"),
    "vcpus": ("vCPUs",),
    "memory": ("Memory", "Memory (MB)"),
    "disk": ("Disk", "Disk (MB)"),
    "disk_gb": ("Disk (GB)",),
    "description": ("Description",),
    "comments": ("Comments",),
    "enabled": ("Enabled",),
    "mgmt_only": ("Management Only", "mgmt_only"),
    "mtu": ("MTU",),
    "mac_address": ("Primary MAC", "MAC Address", "primary_mac_address"),
    "ip_addresses": ("IP Addresses",),
    "address": ("address",),
    "dns_name": ("DNS name",),
    "interface": ("Interface",),
    "parent": ("Parent",),
    "parent_object_type": ("parent_object_type",),
    "protocol": ("Protocol",),
    "ports": ("Ports",),
    "tags": ("Tags",),
}
"""Names of the API → titles in the tables (``dcim/tables``, ``virtualization/tables``)."""
_PASSED_OVER: Final = frozenset(map(plain, (
    "Region", "Site Group", "U Height", "OOB IP", "Virtual Chassis", "VC Position", "VC Priority",
    "Config Template", "Parent Device", "Position (Device Bay)", "Console ports", "Interfaces",
    "Console server ports", "Power ports", "Power outlets", "Front ports", "Rear ports",
    "Device bays", "Module bays", "Inventory items", "Tenant Group", "Rack face", "Face",
    "Latitude", "Longitude", "Airflow", "Contacts", "Created", "Last updated", "Start on boot",
    "Virtual Disks", "Virtual machine type", "Display URL",
)))  # fmt: skip
"""What the tables of servers hold besides; all other titles are of custom fields."""
_NOTHING: Final = frozenset(("", "\u2014", "Unnamed device"))
"""What tables show where there is nothing."""
_OBJECT_TYPES: Final = {
    "dcim.device": Sort.DEVICE,
    "virtualization.virtualmachine": Sort.MACHINE,
}


_ANY: Final = frozenset[str]()
_SIGNS: Final = (
    (Sort.MAC, {"macaddress", "interface"}, {"name"}, _ANY),
    (Sort.ADDRESS, {"address", "status"}, {"name"}, _ANY),
    (Sort.ADDRESS, {"ipaddress", "status"}, {"name"}, {"dnsname", "parent", "assigned", "vrf"}),
    (Sort.SERVICE, {"name", "ports", "protocol"}, _ANY, _ANY),
    (Sort.MACHINE, {"name", "vcpus", "status"}, _ANY, {"cluster", "site"}),
    (Sort.DEVICE, {"name", "role", "site", "devicetype"}, _ANY, _ANY),
    (Sort.DEVICE, {"name", "role", "site", "type", "status"}, _ANY, _ANY),
    (Sort.MACHINE_PORT, {"name", "virtualmachine"}, _ANY, {"enabled", "mtu", "primarymac"}),
    (Sort.PORT, {"name", "device", "type"}, _ANY, {"enabled", "mtu", "label"}),
    (Sort.CLUSTER, {"name", "type", "status"}, {"site", "role", "device", "slug"}, _ANY),
    (Sort.CLUSTER, {"name", "type", "group", "status"}, _ANY, _ANY),
)
"""Titles that a table of each sort has, has not, and has one of; the first that fits counts."""


@dataclass(frozen=True, kw_only=True)
class _Layout:
    sort: Sort
    places: dict[str, int]
    custom: tuple[tuple[str, int], ...]


def sort_of(table: Table) -> Sort | None:
    """Return what a table holds; None when it is no table of NetBox that tells of servers."""
    titles = set(map(plain, table.header))
    return next(
        (
            sort
            for sort, needed, none_of, one_of in _SIGNS
            if needed <= titles and not titles & none_of and (titles & one_of or not one_of)
        ),
        None,
    )


def rows_of(table: Table) -> Iterator[Told]:
    """Yield the objects of a table; nothing when it is none of NetBox's."""
    sort = sort_of(table)
    if sort is None:
        return
    layout = _layout(table, sort)
    titles = {name: table.header[place] for name, place in layout.places.items()}
    for row, cells in table.read():
        fields = {
            name: cells[place]
            for name, place in layout.places.items()
            if cells[place] is not None and str(cells[place]).strip() not in _NOTHING
        }
        yield Told(
            sort=sort,
            source="netbox",
            fields=fields,
            tags=tuple(_tags(fields, layout, cells)),
            of=_owner(sort, fields),
            titles=titles,
            where=table.where(row),
        )


def _layout(table: Table, sort: Sort) -> _Layout:
    places = {
        name: place
        for name, titles in _FIELDS.items()
        if (place := table.place(*titles)) is not None
    }
    if sort is Sort.DEVICE and "device_type" not in places and "type" in places:
        places["device_type"] = places["type"]
    if sort is Sort.ADDRESS and "address" not in places and "primary_ip" in places:
        places["address"] = places["primary_ip"]
    custom: tuple[tuple[str, int], ...] = ()
    if sort in {Sort.DEVICE, Sort.MACHINE}:
        taken = set(places.values())
        custom = tuple(
            (title.removeprefix("cf_"), place)
            for place, title in enumerate(table.header)
            if title and place not in taken and plain(title) not in _PASSED_OVER
        )
    return _Layout(sort=sort, places=places, custom=custom)


def _owner(sort: Sort, fields: dict[str, Cell]) -> Reference:
    if sort in {Sort.DEVICE, Sort.MACHINE, Sort.CLUSTER}:
        return Reference()
    for name, owning in (("device", Sort.DEVICE), ("virtual_machine", Sort.MACHINE)):
        if name in fields:
            return Reference(sort=owning, name=str(fields[name]).strip())
    told = str(fields.get("parent_object_type", "")).strip()
    parent = fields.get("parent")
    return Reference(
        sort=_OBJECT_TYPES.get(told), name=None if parent is None else str(parent).strip()
    )


def _tags(fields: dict[str, Cell], layout: _Layout, cells: tuple[Cell, ...]) -> Iterator[Tag]:
    for name in str(fields.get("tags", "")).split(","):
        if name.strip():
            yield tag(name.strip())
    for title, place in layout.custom:
        if cells[place] is not None and (told := tag(title, cells[place])).value:
            yield told
