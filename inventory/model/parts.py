"""The parts of a server that facts are made of, from disks to running processes.

A field that is None was not told by the source; it never means zero or "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.model.ordered import Ordered


class BootType(Enum):
    """How the firmware starts the operating system."""

    BIOS = "bios"
    UEFI = "uefi"


class Protocol(Enum):
    """A transport protocol."""

    TCP = "tcp"
    UDP = "udp"


class Transport(Enum):
    """How a disk is attached."""

    SATA = "sata"
    SAS = "sas"
    RAID = "raid"
    """A hardware RAID controller, which shows its logical disks."""
    NVME = "nvme"
    NVME_OVER_FABRICS = "nvme over fabrics"
    FIBRE_CHANNEL = "fc"
    ISCSI = "iscsi"
    USB = "usb"
    SCSI = "scsi"
    """Parallel SCSI, or a hypervisor's imitation of it."""
    IDE = "ide"
    VIRTIO = "virtio"
    XEN = "xen"
    HYPERV = "hyperv"
    MMC = "mmc"


class Direction(Enum):
    """Who opened a connection, as seen from the server that reports it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    LOOPBACK = "loopback"


class AddressMethod(Enum):
    """How an interface comes by its IPv4 addresses."""

    DHCP = "dhcp"
    STATIC = "static"


class ServiceState(Enum):
    """What the service manager says of a service."""

    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The manager does not say, as FreeBSD's does not."""


@dataclass(frozen=True, kw_only=True)
class Disk(Ordered):
    """A whole disk, as the operating system sees it."""

    name: str
    """Kernel name, such as ``sda``."""
    size_bytes: int
    model: str | None = None
    serial: str | None = None
    rotational: bool | None = None
    encrypted: bool | None = None
    """Whether an encryption layer (LUKS) lies on it."""
    vendor: str | None = None
    firmware: str | None = None
    wwn: str | None = None
    """World-wide name, as the system writes it."""
    transport: Transport | None = None
    removable: bool | None = None
    sector_bytes: int | None = None
    """Of a logical sector."""
    physical_sector_bytes: int | None = None
    partition_table: str | None = None
    """``gpt``, ``dos`` …"""
    paths: int | None = None
    """Over how many paths it is reached, for a multipath device."""


@dataclass(frozen=True, kw_only=True)
class Filesystem(Ordered):
    """A mounted filesystem."""

    mount_point: str
    device: str
    type: str
    """The kernel's name for it: ``ext4``, ``nfs4`` …"""
    size_bytes: int | None
    """None, as are the others, when nobody answers for it or the account may not look."""
    used_bytes: int | None
    free_bytes: int | None
    """What an unprivileged user may still write."""
    inodes: int | None = None
    """How many files and folders it can hold; None too where there is no such number."""
    free_inodes: int | None = None
    options: tuple[str, ...] = ()
    """As the kernel tells them: ``rw``, ``noexec`` …"""


@dataclass(frozen=True, kw_only=True)
class Interface(Ordered):
    """A network interface."""

    name: str
    mac: str | None = None
    """Lower case, with colons."""
    addresses: tuple[str, ...] = ()
    """With prefix length: ``192.0.2.4/24``, ``2001:db8::1/64``."""
    up: bool | None = None
    speed_mbps: int | None = None
    kind: str | None = None
    """``physical``, ``bond``, ``bridge``, ``vlan``, ``veth``, ``loopback`` …"""
    mtu_bytes: int | None = None
    duplex: str | None = None
    """``full`` or ``half``."""
    driver: str | None = None
    """The kernel's module for it, where there is a device: ``virtio_net``, ``ixgbe``."""
    permanent_mac: str | None = None
    """The device's own, where a bond gave it another."""
    master: str | None = None
    """The bond, team or bridge that it is a member of."""
    members: tuple[str, ...] = ()
    """Of a bond, team or bridge."""
    active_member: str | None = None
    """The one that a bond uses, where it uses one at a time."""
    mode: str | None = None
    """Of a bond: ``active-backup``, ``802.3ad`` …"""
    parent: str | None = None
    """The interface that a VLAN or the like lies on."""
    vlan: int | None = None
    """Number of the VLAN."""
    method: AddressMethod | None = None
    virtual_functions: int | None = None
    """How many an SR-IOV device is split into."""


@dataclass(frozen=True, kw_only=True)
class Listener(Ordered):
    """A socket that waits for others."""

    protocol: Protocol
    address: str
    """As bound: ``0.0.0.0``, ``::``, ``127.0.0.1`` …"""
    port: int
    process: str | None = None
    """The process's short name; None when the account may not see it."""
    pid: int | None = None
    backlog: int | None = None
    """How many callers may wait to be accepted."""

    @property
    def is_loopback(self) -> bool:
        """Whether only the server itself can reach it."""
        return self.address.startswith(("127.", "::ffff:127.")) or self.address == "::1"


@dataclass(frozen=True, kw_only=True)
class Connection(Ordered):
    """An established connection, as one of its two ends sees it."""

    protocol: Protocol
    direction: Direction
    local_address: str
    local_port: int
    remote_address: str
    remote_port: int
    process: str | None = None
    pid: int | None = None


@dataclass(frozen=True, kw_only=True)
class Service(Ordered):
    """A service that the server's service manager knows."""

    name: str
    """Without the manager's suffix: ``nginx``, not ``nginx.service``."""
    state: ServiceState
    enabled: bool | None = None
    """Whether it starts at boot."""
    description: str | None = None
    path: str | None = None
    """The file that defines it."""
    gathers: bool = False
    """Whether it runs nothing itself, and what it starts are services of its own name: Debian's
    ``postgresql`` gathers ``postgresql@15-main``."""


@dataclass(frozen=True, kw_only=True)
class Package(Ordered):
    """An installed package."""

    name: str
    version: str
    architecture: str | None = None
    manager: str
    """``dpkg``, ``rpm``, ``apk``, ``pacman``, ``snap``, ``flatpak``, ``pkg``, ``ips``, ``svr4``,
    ``lpp``, ``windows``."""
    vendor: str | None = None
    """Who made the package, where the manager says so: ``Red Hat, Inc.``"""
    installed_at: datetime | None = None
    """When this version was installed; aware, UTC."""


@dataclass(frozen=True, kw_only=True)
class Process(Ordered):
    """A running process."""

    pid: int
    name: str
    command_line: str
    """Arguments parted by spaces. Values that look like secrets are left out by the reader."""
    parent_pid: int | None = None
    user: str | None = None
    started_at: datetime | None = None
    """To the second; aware, UTC."""
    cpu_seconds: float | None = None
    """Processor time that it has used since it started."""
    memory_bytes: int | None = None
    """What it holds in memory, pages that it shares included."""
    unit: str | None = None
    """The service manager's unit that it belongs to: ``nginx.service``."""
    container: str | None = None
    """Identifier of the container that it runs in."""
