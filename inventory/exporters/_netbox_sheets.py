"""Sheets of NetBox's import: one file each, in the order in which NetBox wants them.

What a server refers to (sites, roles, platforms …) must be there before it, so that each such
thing gets a row of its own in an earlier sheet.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from inventory.exporters._aws_table import Row, files
from inventory.model.exporter import Written
from inventory.model.server import Server

LONGEST: Final = 100
"""Characters of a name of whatever a server refers to."""
SHEETS: Final = {
    "tags": ("name", "slug"),
    "tenants": ("name", "slug"),
    "sites": ("name", "slug", "status"),
    "manufacturers": ("name", "slug"),
    "device-types": ("manufacturer", "model", "slug", "u_height", "is_full_depth"),
    "device-roles": ("name", "slug", "color", "vm_role"),
    "platforms": ("name", "slug"),
    "cluster-types": ("name", "slug"),
    "clusters": ("name", "type", "status"),
    "devices": (
        *("name", "role", "tenant", "manufacturer", "device_type", "platform", "serial"),
        *("asset_tag", "status", "site", "comments", "tags"),
    ),
    "virtual-machines": (
        *("name", "role", "status", "site", "cluster", "platform", "vcpus", "memory", "disk"),
        *("serial", "tenant", "comments", "tags"),
    ),
    "device-interfaces": ("device", "name", "type", "enabled", "mtu"),
    "vm-interfaces": ("virtual_machine", "name", "enabled", "mtu"),
    "mac-addresses": ("mac_address", "device", "virtual_machine", "interface", "is_primary"),
    "ip-addresses": (
        *("address", "status", "device", "virtual_machine", "interface", "is_primary", "dns_name"),
    ),
    "services": ("name", "parent_object_type", "parent", "protocol", "ports"),
}
"""By name and in order: the columns of the forms, netbox/*/forms/bulk_import.py."""


class Sheets:
    """All files of one export."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {name: [] for name in SHEETS}
        self._slugs: dict[str, dict[str, str]] = {}

    def row(self, sheet: str, server: Server, **cells: str | float | None) -> Row:
        """Begin a row."""
        row = Row(server=server)
        for column, value in cells.items():
            row.put(column, value)
        self._rows[sheet].append(row)
        return row

    def needs(self, sheet: str, row: Row, name: str | None, **cells: str) -> str | None:
        """Write down something that a row refers to, once; return what it is referred to by.

        None where there is no name, or none that may be written, which is told in the row.
        """
        held = Row(server=row.server)
        held.put(sheet, name)
        row.lacking += held.lacking
        plain = held.cells.get(sheet, "")[:LONGEST].strip()
        if not plain:
            return None
        slugs = self._slugs.setdefault(sheet, {})
        known = f"{cells.get('manufacturer', '')}/{plain}".casefold()
        if known not in slugs:
            slugs[known] = _unlike(_slug(plain), set(slugs.values()))
            key = "model" if sheet == "device-types" else "name"
            added = self.row(sheet, row.server, **{key: plain}, **cells)
            if "slug" in SHEETS[sheet]:
                added.cells["slug"] = slugs[known]
        return slugs[known] if sheet == "tags" else plain

    def written(self) -> Iterator[Written]:
        """Yield the files that hold anything, numbered in the order in which they are wanted."""
        for number, (name, columns) in enumerate(SHEETS.items(), 1):
            if self._rows[name]:
                yield from files(f"netbox-{number:02}-{name}.csv", columns, self._rows[name])


def _slug(name: str) -> str:
    """Return a name as NetBox writes it in addresses: letters, digits and dashes."""
    bare = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[: LONGEST - 4]
    return bare or f"n-{zlib.crc32(name.encode()):08x}"


def _unlike(slug: str, taken: set[str]) -> str:
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found
