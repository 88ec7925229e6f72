"""Where a server stands and who it belongs to, as hypervisors, inventories and people tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered
from inventory.model.parts import Protocol


class Power(Enum):
    """Whether a server runs, as whoever runs it says."""

    ON = "on"
    OFF = "off"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class Snapshot(Ordered):
    """A snapshot of a virtual machine that was never removed."""

    name: str
    taken_at: datetime | None = None
    size_bytes: int | None = None
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class VirtualDisk(Ordered):
    """A disk of a virtual machine, as its hypervisor gives it."""

    name: str
    """As the hypervisor labels it: ``Hard disk 1``."""
    size_bytes: int | None = None
    """What the guest is shown; not what it takes on the datastore."""
    path: str | None = None
    """Where the hypervisor keeps it: ``[datastore1] web-1/web-1.vmdk``."""
    thin: bool | None = None
    controller: str | None = None
    mode: str | None = None
    """``persistent``, ``independent_persistent`` …: an independent disk is left out of snapshots,
    so replication by snapshots cannot copy it."""
    raw_device: bool | None = None
    """Whether it is a device of the storage network passed through (RDM)."""
    sharing: str | None = None
    """``sharingMultiWriter`` and the like, where several machines write it."""


@dataclass(frozen=True, kw_only=True)
class VirtualNic(Ordered):
    """A network card of a virtual machine, as its hypervisor gives it."""

    name: str
    """As the hypervisor labels it: ``Network adapter 1``."""
    network: str | None = None
    """Port group that it is plugged into."""
    switch: str | None = None
    vlan: int | None = None
    """Of the port group, where it has one and the same everywhere."""
    adapter: str | None = None
    """What the guest is shown: ``Vmxnet3``, ``E1000`` …"""
    mac: str | None = None
    """Lower case, with colons."""
    connected: bool | None = None
    connects_at_start: bool | None = None
    pass_through: bool | None = None
    """Whether it is a device passed through (DirectPath I/O)."""


@dataclass(frozen=True, kw_only=True)
class GuestVolume(Ordered):
    """A filesystem of the guest, as the hypervisor's tools in the guest see it."""

    mount_point: str
    """``/boot``, ``C:\\``."""
    size_bytes: int | None = None
    free_bytes: int | None = None
    disk: str | None = None
    """Number of the virtual disk that it lies on, as the hypervisor counts: ``2000``."""


@dataclass(frozen=True, kw_only=True)
class Tag(Ordered):
    """What people wrote on a server: a tag, a label or a custom attribute."""

    name: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldService(Ordered):
    """A service on a port, as somebody else tells who scanned the server or wrote it down."""

    protocol: Protocol
    port: int
    name: str | None = None
    """As the scan or the inventory calls it: ``ssh``, ``Intranet``; no process's name."""
    product: str | None = None
    """What answered, where a scan made it tell: ``OpenSSH``."""
    version: str | None = None
    guessed: bool = False
    """Whether the name was taken from the port's number alone."""
    encrypted: bool | None = None


POWER: Final = FactKey[Power](
    name="placement.power", kind=Power, help="Whether it is switched on, as whoever runs it says"
)
VM_NAME: Final = FactKey[str](
    name="placement.vm_name", kind=str, help="What its hypervisor calls it"
)
INSTANCE_UUID: Final = FactKey[str](
    name="placement.instance_uuid",
    kind=str,
    help="The hypervisor manager's own identifier of the virtual machine, lower case",
)
MANAGED_ID: Final = FactKey[str](
    name="placement.managed_id",
    kind=str,
    help="The hypervisor's reference to it: vm-1042, with its manager's identifier",
)
MANAGER: Final = FactKey[str](
    name="placement.manager", kind=str, help="What manages its hypervisor: a vCenter's name"
)
DATACENTRE: Final = FactKey[str](
    name="placement.datacentre", kind=str, help="Datacentre, as its hypervisor's manager names it"
)
CLUSTER: Final = FactKey[str](name="placement.cluster", kind=str, help="Cluster of hypervisors")
HYPERVISOR_SERVER: Final = FactKey[str](
    name="placement.hypervisor_server", kind=str, help="The hypervisor that it ran on"
)
FOLDER: Final = FactKey[str](name="placement.folder", kind=str, help="Folder of its hypervisor")
RESOURCE_POOL: Final = FactKey[str](
    name="placement.resource_pool", kind=str, help="Resource pool that it shares"
)
HARDWARE_VERSION: Final = FactKey[str](
    name="placement.hardware_version", kind=str, help="Virtual hardware version: vmx-19"
)
GUEST_TOOLS: Final = FactKey[str](
    name="placement.guest_tools", kind=str, help="State of the hypervisor's tools in the guest"
)
SNAPSHOTS: Final = FactKey[tuple[Snapshot, ...]](
    name="placement.snapshots", kind=tuple[Snapshot, ...], help="Snapshots that stand"
)
VIRTUAL_DISKS: Final = FactKey[tuple[VirtualDisk, ...]](
    name="placement.virtual_disks",
    kind=tuple[VirtualDisk, ...],
    help="Disks as the hypervisor gives them",
)
VIRTUAL_NICS: Final = FactKey[tuple[VirtualNic, ...]](
    name="placement.virtual_nics",
    kind=tuple[VirtualNic, ...],
    help="Network cards as the hypervisor gives them, with their port groups",
)
GUEST_VOLUMES: Final = FactKey[tuple[GuestVolume, ...]](
    name="placement.guest_volumes",
    kind=tuple[GuestVolume, ...],
    help="Filesystems that the hypervisor's tools see in the guest, without their types",
)
PASSED_USB: Final = FactKey[tuple[str, ...]](
    name="placement.passed_usb",
    kind=tuple[str, ...],
    help="USB devices that its hypervisor passes through to it",
)
CHANGE_TRACKING: Final = FactKey[bool](
    name="placement.change_tracking",
    kind=bool,
    help="Whether its hypervisor tracks changed blocks (CBT), as replication wants it",
)
FAULT_TOLERANCE: Final = FactKey[bool](
    name="placement.fault_tolerance", kind=bool, help="Whether a second copy of it runs in step"
)
CONNECTED_MEDIA: Final = FactKey[tuple[str, ...]](
    name="placement.connected_media",
    kind=tuple[str, ...],
    help="CD, DVD and floppy drives that something is put into",
)
CONFIGURED_CPUS: Final = FactKey[int](
    name="placement.configured_cpus",
    kind=int,
    help="Logical processors that it is given, as its hypervisor or an inventory says",
)
CONFIGURED_SOCKETS: Final = FactKey[int](
    name="placement.configured_sockets",
    kind=int,
    help="Sockets that its logical processors are shown in, as licences count them",
)
CONFIGURED_MEMORY: Final = FactKey[int](
    name="placement.configured_memory_bytes",
    kind=int,
    help="Memory that it is given, as its hypervisor or an inventory says, in bytes",
)
MEMORY_RESERVED: Final = FactKey[int](
    name="placement.memory_reserved_bytes", kind=int, help="Memory that is kept for it alone"
)
PROVISIONED: Final = FactKey[int](
    name="placement.provisioned_bytes", kind=int, help="Storage that it may take on its datastores"
)
STORAGE_USED: Final = FactKey[int](
    name="placement.storage_used_bytes", kind=int, help="Storage that it takes on its datastores"
)
POWERED_ON_AT: Final = FactKey[datetime](
    name="placement.powered_on_at",
    kind=datetime,
    help="When its hypervisor switched it on; a restart of the guest does not change it",
)
CREATED_AT: Final = FactKey[datetime](
    name="placement.created_at", kind=datetime, help="When the virtual machine was made"
)

TOLD_SERVICES: Final = FactKey[tuple[ToldService, ...]](
    name="network.services_told",
    kind=tuple[ToldService, ...],
    help="Services on its ports, as a scan saw them or an inventory says",
)

ANNOTATION: Final = FactKey[str](
    name="ownership.annotation", kind=str, help="What somebody noted about it"
)
TAGS: Final = FactKey[tuple[Tag, ...]](
    name="ownership.tags", kind=tuple[Tag, ...], help="Tags, labels and custom attributes"
)
ENVIRONMENT: Final = FactKey[str](
    name="ownership.environment", kind=str, help="production, test … as an inventory says"
)
ROLE: Final = FactKey[str](name="ownership.role", kind=str, help="What it is for, as told")
OWNER: Final = FactKey[str](name="ownership.owner", kind=str, help="Who answers for it, as told")
LOCATION: Final = FactKey[str](
    name="ownership.location", kind=str, help="Site, room and rack, as an inventory says"
)
STATUS: Final = FactKey[str](
    name="ownership.status", kind=str, help="active, planned, retired … as an inventory says"
)
NAMED_APPLICATIONS: Final = FactKey[tuple[str, ...]](
    name="ownership.applications",
    kind=tuple[str, ...],
    help="Applications that an inventory says it serves",
)
NAMED_WAVE: Final = FactKey[str](
    name="ownership.wave", kind=str, help="Wave that another tool's plan puts it in"
)
NAMED_STRATEGY: Final = FactKey[str](
    name="ownership.strategy", kind=str, help="What another tool's plan does with it: Rehost …"
)
TARGET_SETTINGS: Final = FactKey[tuple[Tag, ...]](
    name="ownership.target_settings",
    kind=tuple[Tag, ...],
    help="What another tool's plan makes of it at its target: account, instance type, subnet …",
)
TOLD_ASSESSMENT: Final = FactKey[tuple[Tag, ...]](
    name="ownership.assessment_told",
    kind=tuple[Tag, ...],
    help="What another tool's assessment says of it, in that tool's words; no verdict of ours",
)
EXTERNAL_IDS: Final = FactKey[tuple[Tag, ...]](
    name="ownership.external_ids",
    kind=tuple[Tag, ...],
    help="What other inventories number it by; name is the inventory's",
)
