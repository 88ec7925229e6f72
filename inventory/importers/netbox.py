"""NetBox: answers of its API as JSON, CSV that it exports, CSV in the form that it imports.

Virtual machines are servers; of devices those whose role says so
(:mod:`inventory.importers._netbox_roles`). Addresses that servers share (VIP, VRRP …), deprecated
ones, and interfaces of management controllers are not taken for a server's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._broken_off import until_broken
from inventory.importers._netbox_api import objects_of
from inventory.importers._netbox_facts import Parts, stated_of
from inventory.importers._netbox_objects import SERVERS, Sort, Told, sound
from inventory.importers._netbox_roles import is_server
from inventory.importers._netbox_tables import rows_of, sort_of
from inventory.model.imported import Item, LeftOut, ServerRecord, Stated, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.reading.export import Export, File, Kind

_API: Final = re.compile(r"\"https?://[^\"]+/api/(dcim|virtualization|ipam)/[\w-]+/")
_PART: Final = 10
"""How surely a table that tells of no servers, but of what belongs to them, is of NetBox."""
_PARTS: Final = {
    Sort.PORT: "ports",
    Sort.MACHINE_PORT: "ports",
    Sort.ADDRESS: "addresses",
    Sort.MAC: "macs",
    Sort.SERVICE: "services",
    Sort.DISK: "disks",
}


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind is Kind.JSON:
        return CERTAIN if _API.search(file.beginning) else NO
    if file.kind is not Kind.DELIMITED:
        return NO
    try:
        sorts = {sort_of(each) for each in file.tables()}
    except BadInputError:
        return NO
    if not sorts & set(SERVERS):
        return _PART if sorts - {None} else NO
    # The names of NetBox's own downloads.
    return LIKELY + 10 if "netbox" in file.name.lower() else LIKELY - 10


def _read(export: Export) -> Iterator[Item]:
    held = _Held()
    for file in export.files:
        for each in _objects(file):
            if isinstance(each, Unread):
                yield each
            else:
                held.keep(each)
    if not held.servers:
        raise BadInputError(
            "there are no devices and no virtual machines of NetBox in it",
            hint="export /api/dcim/devices/ and /api/virtualization/virtual-machines/, or the "
            "tables of both as CSV",
        )
    yield from held.items()


def _objects(file: File) -> Iterator[Told | Unread]:
    for each in until_broken(file, _raw(file)):
        yield from sound(each) if isinstance(each, Told) else (each,)


def _raw(file: File) -> Iterator[Told | Unread]:
    if file.kind is Kind.JSON:
        for number, document in enumerate(file.documents(), 1):
            yield from objects_of(document, Where(file=file.name, sheet=f"document {number}"))
    for table in file.tables():
        yield from rows_of(table)


class _Held:
    """All objects of an export that tell of servers, until they are put together."""

    def __init__(self) -> None:
        self.servers: list[Told] = []
        self._parts: list[Told] = []
        self._clusters: dict[str, Told] = {}

    def keep(self, told: Told) -> None:
        """Keep an object."""
        if told.sort in SERVERS:
            self.servers.append(told)
        elif told.sort is Sort.CLUSTER:
            self._clusters.setdefault(told.text("name") or "", told)
        else:
            self._parts.append(told)

    def items(self) -> Iterator[Item]:
        """Yield the servers, each with what the other tables say of it."""
        names = Counter((each.sort, each.text("name")) for each in self.servers)
        parts = self._by_server()
        keys: set[tuple[str, str]] = set()
        for server in self.servers:
            role, kind = server.text("role"), server.text("device_type")
            if server.sort is Sort.DEVICE and not is_server(role, server.text("platform"), kind):
                what = (role or kind or "device").lower()
                yield LeftOut(what=what, name=_name(server), where=server.where)
                continue
            key = _key(server, names)
            if (server.source, key) in keys and not server.text("id"):
                key = f"{key} ({server.where})"
            keys.add((server.source, key))
            stated = list(stated_of(server, self._parts_of(server, names, parts)))
            yield from (each for each in stated if isinstance(each, Unread))
            yield ServerRecord(
                source=server.source,
                key=key,
                name=_name(server),
                stated=tuple(each for each in stated if isinstance(each, Stated)),
                where=server.where,
            )

    def _by_server(self) -> dict[tuple[Sort | None, str], list[Told]]:
        """Return the parts by the number of the server that they belong to, or by its name."""
        held: dict[tuple[Sort | None, str], list[Told]] = {}
        for each in self._parts:
            if each.of.id or each.of.name:
                key = f"#{each.of.id}" if each.of.id else each.of.name or ""
                held.setdefault((each.of.sort, key), []).append(each)
        return held

    def _parts_of(
        self,
        server: Told,
        names: Counter[tuple[Sort, str | None]],
        parts: dict[tuple[Sort | None, str], list[Told]],
    ) -> Parts:
        name, number = server.text("name"), server.text("id")
        found = parts.get((server.sort, f"#{number}"), []) if number else []
        if name and names[server.sort, name] == 1:
            found = found + parts.get((server.sort, name), [])
            if sum(names[sort, name] for sort in SERVERS) == 1:
                found = found + parts.get((None, name), [])
        sorted_out: dict[str, list[Told]] = {}
        for each in found:
            sorted_out.setdefault(_PARTS[each.sort], []).append(each)
        return Parts(cluster=self._clusters.get(server.text("cluster") or ""), **sorted_out)


def _key(server: Told, names: Counter[tuple[Sort, str | None]]) -> str:
    """Return the number that NetBox knows a server by.

    Without it the name; for one that several have, with all that NetBox tells them apart by; for
    a device without a name its serial number.
    """
    prefix = "vm" if server.sort is Sort.MACHINE else "device"
    if number := server.text("id"):
        return f"{prefix}:{number}"
    name = server.text("name")
    if name and names[server.sort, name] == 1:
        return f"{prefix}:{name}"
    if name:
        told = (server.text(each) for each in ("site", "cluster", "tenant"))
        return f"{prefix}:{name}@{'/'.join(each for each in told if each)}"
    return (
        f"{prefix}:serial {server.text('serial')}" if server.text("serial") else str(server.where)
    )


def _name(server: Told) -> str:
    """Return what people call a server; a device may have no name."""
    made = (server.text("manufacturer"), server.text("device_type"))
    kind = " ".join(each for each in made if each)
    return server.text("name") or server.text("display") or kind or "without a name"


_DEVICES: Final = b"""[{"count": 2, "next": "https://netbox.example.org/api/dcim/devices/?offset=2",
 "previous": null, "results": [
 {"id": 7, "url": "https://netbox.example.org/api/dcim/devices/7/",
  "display_url": "https://netbox.example.org/dcim/devices/7/", "display": "db-1", "name": "db-1",
  "device_type": {"id": 3, "url": "https://netbox.example.org/api/dcim/device-types/3/",
   "manufacturer": {"id": 2, "name": "Dell"}, "model": "PowerEdge R740"},
  "role": {"id": 1, "name": "Server"}, "tenant": {"id": 1, "name": "Finance"},
  "platform": {"id": 1, "name": "Debian 12"}, "serial": "ABC1234", "asset_tag": "100042",
  "site": {"id": 1, "name": "North"}, "location": null, "rack": {"id": 4, "name": "R4"},
  "position": 17.0, "status": {"value": "active", "label": "Active"},
  "primary_ip4": {"id": 1, "address": "192.0.2.10/24"}, "primary_ip6": null, "cluster": null,
  "description": "", "comments": "", "tags": [{"id": 1, "name": "backup"}],
  "custom_fields": {"cost_centre": 4711, "contract": null}},
 {"id": 8, "url": "https://netbox.example.org/api/dcim/devices/8/", "name": "sw-1",
  "device_type": {"id": 5, "manufacturer": {"name": "Juniper"}, "model": "EX4300"},
  "role": {"id": 2, "name": "Access Switch"}, "site": {"id": 1, "name": "North"},
  "status": {"value": "active", "label": "Active"}, "primary_ip4": null}
]}]"""
_MACHINES: Final = b"""Name,Status,Role,Site,Cluster,Tenant,vCPUs,Memory,Disk,IP Address,Team\r
web-1,Active,Web,North,vc-1,,4.00,8192,60000,192.0.2.20/24,Web team\r
web-2,Offline,Web,North,vc-1,,half,,\xe2\x80\x94,,\r
"""
_PORTS: Final = b"""Name,Virtual Machine,Enabled,Primary MAC,IP Addresses\r
eth0,web-1,True,00:50:56:AA:BB:01,"192.0.2.20/24,2001:db8::20/64"\r
"""
IMPORTER: Final = Importer(
    title="NetBox",
    files=".json of its API (pages of devices, virtual machines, interfaces, IP addresses, "
    "services, clusters), .csv that its tables export, or .csv in the form that it imports",
    source="https://netboxlabs.com/docs/netbox/integrations/rest-api/, and the tables and forms of "
    "https://github.com/netbox-community/netbox at 43fe81f (2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="NetBox 4.4 (format as documented)",
            files=(("devices.json", _DEVICES),),
            servers=("db-1",),
            left_out=1,
        ),
        ImportExample(
            tool="NetBox 4.4 (format as documented)",
            files=(("netbox_virtual machines.csv", _MACHINES), ("netbox_interfaces.csv", _PORTS)),
            servers=("web-1", "web-2"),
            unread=1,
        ),
    ),
)
