"""The parts of a server that facts are made of, from disks to running processes.

A field that is None was not told by the source; it never means zero or "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class BootType(Enum):
    """How the firmware starts the operating system."""

    BIOS = "bios"
    UEFI = "uefi"


class Protocol(Enum):
    """A transport protocol."""

    TCP = "tcp"
    UDP = "udp"


class Direction(Enum):
    """Who opened a connection, as seen from the server that reports it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    LOOPBACK = "loopback"


class ServiceState(Enum):
    """What the service manager says of a service."""

    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, order=True)
class Disk:
    """A whole disk, as the operating system sees it."""

    name: str
    """Kernel name, such as ``sda``."""
    size_bytes: int
    model: str | None = None
    serial: str | None = None
    rotational: bool | None = None
    encrypted: bool | None = None
    """Whether an encryption layer (LUKS) lies on it."""


@dataclass(frozen=True, kw_only=True, order=True)
class Filesystem:
    """A mounted filesystem."""

    mount_point: str
    device: str
    type: str
    """The kernel's name for it: ``ext4``, ``nfs4`` …"""
    size_bytes: int
    used_bytes: int
    free_bytes: int
    """What an unprivileged user may still write."""


@dataclass(frozen=True, kw_only=True, order=True)
class Interface:
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


@dataclass(frozen=True, kw_only=True, order=True)
class Listener:
    """A socket that waits for others."""

    protocol: Protocol
    address: str
    """As bound: ``0.0.0.0``, ``::``, ``127.0.0.1`` …"""
    port: int
    process: str | None = None
    """The process's short name; None when the account may not see it."""
    pid: int | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether only the server itself can reach it."""
        return self.address.startswith(("127.", "::ffff:127.")) or self.address == "::1"


@dataclass(frozen=True, kw_only=True, order=True)
class Connection:
    """An established connection, as one of its two ends sees it."""

    protocol: Protocol
    direction: Direction
    local_address: str
    local_port: int
    remote_address: str
    remote_port: int
    process: str | None = None


@dataclass(frozen=True, kw_only=True, order=True)
class Service:
    """A service that the server's service manager knows."""

    name: str
    """Without the manager's suffix: ``nginx``, not ``nginx.service``."""
    state: ServiceState
    enabled: bool | None = None
    """Whether it starts at boot."""
    description: str | None = None
    path: str | None = None
    """The file that defines it."""


@dataclass(frozen=True, kw_only=True, order=True)
class Package:
    """An installed package."""

    name: str
    version: str
    architecture: str | None = None
    manager: str
    """``dpkg``, ``rpm``, ``apk``, ``pacman``, ``snap``, ``flatpak``, ``pkg``, ``ips``, ``svr4``,
    ``lpp``."""
    vendor: str | None = None
    """Who made the package, where the manager says so: ``Red Hat, Inc.``"""
    installed_at: datetime | None = None
    """When this version was installed; aware, UTC."""


@dataclass(frozen=True, kw_only=True, order=True)
class Process:
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
