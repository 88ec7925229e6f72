"""The tabs of RVTools: which table is which, and where its columns stand, in every version.

Titles have changed: ``Provisioned MB`` became ``Provisioned MiB`` (they were MiB before, too), and
some exports write the program's inner names, such as ``vInfoGuestHostName`` for ``DNS Name``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from inventory.model.imported import Where
from inventory.reading.table import Cell, Table, plain

MIB: Final = 1 << 20


class Tab(Enum):
    """A tab that something is read of. The value is its name."""

    INFO = "vInfo"
    CPU = "vCPU"
    MEMORY = "vMemory"
    DISK = "vDisk"
    PARTITION = "vPartition"
    NETWORK = "vNetwork"
    CD = "vCD"
    FLOPPY = "vFloppy"
    USB = "vUSB"
    SNAPSHOT = "vSnapshot"
    TOOLS = "vTools"
    SOURCE = "vSource"
    HOST = "vHost"
    PORT = "vPort"
    DV_PORT = "dvPort"
    METADATA = "vMetaData"


OF_VMS: Final = (
    Tab.INFO, Tab.CPU, Tab.MEMORY, Tab.TOOLS, Tab.NETWORK, Tab.DISK, Tab.PARTITION, Tab.SNAPSHOT,
    Tab.CD, Tab.FLOPPY, Tab.USB,
)  # fmt: skip
"""Those whose rows each speak of one virtual machine, in the order in which they are read."""
_OTHERS: Final = (
    "vRP", "vCluster", "vHBA", "vNIC", "vSwitch", "dvSwitch", "vSC_VMK", "vDatastore", "vMultiPath",
    "vLicense", "vFileInfo", "vHealth",
)  # fmt: skip
"""Tabs of what stays behind: clusters, adapters and datastores of the hypervisors, licences."""
_BY_NAME: Final = {tab.value.lower(): tab for tab in Tab} | {"dvportgroup": Tab.DV_PORT}
_NAMES: Final = sorted((*_BY_NAME, *map(str.lower, _OTHERS)), key=len, reverse=True)
_NAMED: Final = re.compile(rf"(?:\A|tab|[^a-z])({'|'.join(_NAMES)})(?:group)?(?![a-z])")
_SIGNS: Final = (
    (Tab.DISK, ("diskmode", "diskpath", "eagerlyscrub")),
    (Tab.PARTITION, ("consumedmib", "consumedmb")),
    (Tab.NETWORK, ("niclabel", "startsconnectedmacaddress")),
    (Tab.SNAPSHOT, ("sizemibtotal", "sizembtotal", "sizemibvmsn", "sizembvmsn")),
    (Tab.TOOLS, ("requiredversion",)),
    (Tab.CPU, ("coresps",)),
    (Tab.MEMORY, ("ballooned",)),
    (Tab.USB, ("ehcienabled",)),
    (Tab.CD, ("devicenode",)),
    (Tab.INFO, ("osaccordingtotheconfigurationfile", "provisionedmib", "provisionedmb", "nics")),
)
"""Titles by which a table is known whose name was changed."""

COMMON: Final[Mapping[str, tuple[str, ...]]] = {
    "vm": ("VM", "VM Name", "VMName"),
    "power": ("Powerstate", "Power state"),
    "template": ("Template",),
    "placeholder": ("SRM Placeholder",),
    "annotation": ("Annotation", "Notes"),
    "datacentre": ("Datacenter",),
    "cluster": ("Cluster",),
    "host": ("Host",),
    "folder": ("Folder",),
    "os_config": ("OS according to the configuration file", "OS"),
    "os_tools": ("OS according to the VMware Tools", "OSTools"),
    "id": ("VM ID", "Object ID"),
    "uuid": ("VM UUID", "UUID"),
    "instance": ("VM Instance UUID", "Instance UUID"),
    "smbios": ("SMBIOS UUID", "VM BIOS UUID", "BIOS UUID"),
    "vcenter": ("VI SDK Server", "VISDKServer"),
    "vcenter_uuid": ("VI SDK UUID", "VISDKUUID", "vCenter UUID"),
}
"""What most tabs of virtual machines hold → its titles."""

_NAMING: Final = ("vm", "id", "uuid", "instance", "smbios", "vcenter", "vcenter_uuid")

OWN: Final[Mapping[Tab, Mapping[str, tuple[str, ...]]]] = {
    Tab.INFO: {
        "dns": ("DNS Name", "GuestHostName"),
        "connection": ("Connection state",),
        "powered_on": ("PowerOn",),
        "created": ("Creation date", "CreateDate"),
        "cpus": ("CPUs", "Num CPU"),
        "memory": ("Memory", "Memory MiB", "Memory MB", "Memory Size"),
        "cbt": ("CBT", "ChangeBlockTracking"),
        "address": ("Primary IP Address", "IP Address"),
        "pool": ("Resource pool",),
        "fault_tolerance": ("FT State",),
        "provisioned": ("Provisioned MiB", "Provisioned MB", "Provisioned"),
        "in_use": ("In Use MiB", "In Use MB", "InUse"),
        "secure_boot": ("EFI Secure boot",),
        "firmware": ("Firmware",),
        "hardware": ("HW version", "VM Version", "Version"),
        "detailed": ("Guest Detailed Data",),
    },
    Tab.CPU: {"cpus": ("CPUs",), "sockets": ("Sockets",)},
    Tab.MEMORY: {
        "memory": ("Size MiB", "Size MB", "Size"),
        "reserved": ("Reservation",),
    },
    Tab.TOOLS: {"tools": ("Tools", "Tools status"), "hardware": ("VM Version",)},
    Tab.DISK: {
        "disk": ("Disk", "Name"),
        "capacity": ("Capacity MiB", "Capacity MB", "Capacity"),
        "raw": ("Raw",),
        "mode": ("Disk Mode", "Mode"),
        "sharing": ("Sharing mode",),
        "bus_sharing": ("Shared Bus",),
        "thin": ("Thin",),
        "controller": ("Controller",),
        "path": ("Path", "Disk Path"),
    },
    Tab.PARTITION: {
        "disk": ("Disk",),
        "capacity": ("Capacity MiB", "Capacity MB"),
        "free": ("Free MiB", "Free MB"),
        "disk_key": ("Disk Key",),
    },
    Tab.NETWORK: {
        "label": ("NIC label", "Label"),
        "adapter": ("Adapter",),
        "network": ("Network", "Name"),
        "switch": ("Switch",),
        "connected": ("Connected",),
        "at_start": ("Starts Connected",),
        "mac": ("Mac Address",),
        "ipv4": ("IPv4 Address", "IP Address", "IP4Address"),
        "ipv6": ("IPv6 Address", "IP 6 Address", "IP6Address"),
        "direct": ("Direct Path IO",),
    },
    Tab.CD: {
        "node": ("Device Node",),
        "connected": ("Connected",),
        "type": ("Device Type",),
    },
    Tab.FLOPPY: {
        "node": ("Device Node",),
        "connected": ("Connected",),
        "type": ("Device Type",),
    },
    Tab.USB: {
        "node": ("Device Node",),
        "type": ("Device Type",),
        "family": ("Family",),
        "connected": ("Connected",),
    },
    Tab.SNAPSHOT: {
        "name": ("Name", "Snapshot", "Snapshot name"),
        "description": ("Description",),
        "taken": ("Date / time", "Date", "DateTime"),
        "size": ("Size MiB (total)", "Size MB (total)", "SizeTotal"),
    },
    Tab.HOST: {"host": ("Host", "Name"), "vcenter": ("VI SDK Server",)},
    Tab.SOURCE: {"vcenter": ("VI SDK Server",)},
    Tab.PORT: {"network": ("Port Group",), "switch": ("Switch",), "vlan": ("VLAN",)},
    Tab.DV_PORT: {"network": ("Port", "Name"), "switch": ("Switch",), "vlan": ("VLAN",)},
    Tab.METADATA: {
        "version": ("RVTools version",),
        "at": ("xlsx creation datetime",),
        "vcenter": ("Server",),
    },
}
"""What else is read of each tab → its titles."""

NOT_READ: Final = frozenset(
    plain(title)
    for title in (
        "Config status", "Guest state", "Heartbeat", "Consolidation Needed", "Suspended To Memory",
        "Suspend time", "Suspend Interval", "Change Version", "Overall Cpu Readiness",
        "Active Memory", "NICs", "Disks", "NumVirtualDisks", "Total disk capacity MiB",
        "Total disk capacity MB", "Fixed Passthru HotPlug", "min Required EVC Mode Key",
        "Latency Sensitivity", "Op Notification Timeout", "EnableUUID", "disk.EnableUUID",
        *(f"Network #{number}" for number in range(1, 17)), "Num Monitors", "Video Ram KiB",
        "Video Ram KB", "Folder ID", "vApp", "DAS protection", "FT Role", "FT Latency",
        "FT Bandwidth", "FT Sec. Latency", "Vm Failover In Progress", "Unshared MiB", "Unshared MB",
        "Unshared", "HA Restart Priority", "HA Isolation Response", "HA VM Monitoring",
        "Cluster rule(s)", "Cluster rule name(s)", "Boot Required", "Boot delay",
        "Boot retry delay", "Boot retry enabled", "Boot BIOS setup", "Reboot PowerOff",
        "HW upgrade status", "HW upgrade policy", "HW target", "Path", "Log directory",
        "Snapshot directory", "Suspend directory", "Customization Info", "VI SDK Server type",
        "VI SDK API Version", "VISDKServerType", "VISDKAPIVersion", "VMRef",
        "Internal Sort Column", "Select", "Upgrade", "CPU usage %",
    )
)  # fmt: skip
"""Columns of RVTools' own vInfo that no fact is made of. What else stands there, people added."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table that is known to be of a tab, and where its columns stand."""

    tab: Tab
    table: Table
    places: Mapping[str, int]
    """Of what is read."""
    added: Mapping[str, int] = field(default_factory=dict)
    """Custom attributes and tags, by their titles."""

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Return what a statement from each column is called: ``vInfo: Memory``."""
        header = self.table.header
        return {name: f"{self.tab.value}: {header[at]}" for name, at in self.places.items()}

    @cached_property
    def identifying(self) -> Mapping[str, str]:
        """Return what statements of identifiers are called; of one in another tab, the name's."""
        called = self.columns["vm"]
        pairs = (
            ("firmware", ("smbios", "uuid")),
            ("instance", ("instance", "uuid")),
            ("managed", ("id",)),
            ("manager", ("vcenter", "vcenter_uuid")),
        )
        return {
            what: next((self.columns[each] for each in names if each in self.columns), called)
            for what, names in pairs
        }

    @property
    def naming(self) -> tuple[str, ...]:
        """Return which of its columns name a virtual machine."""
        return tuple(name for name in _NAMING if name in self.places)

    def cell(self, cells: tuple[Cell, ...], name: str) -> Cell:
        """Return what a row says in a column; None where there is no such column."""
        place = self.places.get(name)
        return None if place is None else cells[place]

    def where(self, row: int) -> Where:
        """Return the place of a row."""
        return self.table.where(row)


def sheets_of(tables: Iterable[Table]) -> list[Sheet]:
    """Return those tables that something is read of, in the order of reading."""
    found = [sheet for sheet in map(_sheet, tables) if sheet]
    order = (Tab.METADATA, Tab.SOURCE, Tab.PORT, Tab.DV_PORT, *OF_VMS, Tab.HOST)
    return sorted(found, key=lambda each: order.index(each.tab))


def is_tab(table: Table) -> bool:
    """Say whether a table is a tab of RVTools, read or not."""
    return _tab(table) is not None or bool(_NAMED.search(table.name.lower()))


def _sheet(table: Table) -> Sheet | None:
    tab = _tab(table)
    if tab is None:
        return None
    titles = _titles(table, tab)
    wanted = {**(COMMON if tab in OF_VMS else {}), **OWN[tab]}
    places: dict[str, int] = {}
    for name, aliases in wanted.items():
        for alias in map(plain, aliases):
            if alias in titles and titles[alias] not in places.values():
                places[name] = titles[alias]
                break
    if tab in OF_VMS and "vm" not in places:
        return None
    return Sheet(tab=tab, table=table, places=places, added=_added(table, tab, places))


def _tab(table: Table) -> Tab | None:
    titles = {plain(title) for title in table.header}
    named = _NAMED.search(table.name.lower())
    if named:
        return _BY_NAME.get(named[1])
    for tab in OF_VMS:
        if f"{tab.value.lower()}vmname" in titles:
            return tab
    if not {"vm", "powerstate"} <= titles:
        return None
    return next((tab for tab, signs in _SIGNS if titles.intersection(signs)), None)


def _titles(table: Table, tab: Tab) -> dict[str, int]:
    """Return where each title stands, with and without the tab's name before it."""
    inner = tab.value.lower()
    found: dict[str, int] = {}
    for place, title in enumerate(table.header):
        found.setdefault(plain(title).removeprefix(inner) or plain(title), place)
    for place, title in enumerate(table.header):
        found.setdefault(plain(title), place)
    return found


def _added(table: Table, tab: Tab, places: Mapping[str, int]) -> dict[str, int]:
    """Return the columns that people added: of vInfo all others, else those before Datacenter."""
    if tab not in OF_VMS:
        return {}
    read = set(places.values())
    last = places.get("datacentre", 0)
    first = places.get("annotation", last)
    added: dict[str, int] = {}
    for place, title in enumerate(table.header):
        bare = re.sub(rf"\A{tab.value}_?(?:tags_)?(?=.)", "", title)
        known = place in read or not title or plain(bare) in NOT_READ or plain(title) in NOT_READ
        if not known and (tab is Tab.INFO or first < place < last):
            added.setdefault(bare, place)
    return added
