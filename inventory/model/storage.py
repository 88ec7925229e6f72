"""What a server's storage is made of beside whole disks and filesystems, and what it shares.

A field that is None was not told by the source; it never means zero or "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered


class VolumeKind(Enum):
    """What lays a block device on top of others."""

    LOGICAL_VOLUME = "logical volume"
    """LVM."""
    ENCRYPTED = "encrypted"
    """LUKS or plain dm-crypt, opened."""
    RAID = "raid"
    """The kernel's own (md), or LVM's and device mapper's."""
    MULTIPATH = "multipath"
    CACHED = "cached"
    """bcache."""
    REPLICATED = "replicated"
    """DRBD."""
    MAPPED = "mapped"
    """Another use of the device mapper."""


class Mounted(Enum):
    """Whether and how a network filesystem is in use."""

    NOW = "mounted"
    LISTED = "only in fstab"
    ON_DEMAND = "by autofs"


@dataclass(frozen=True, kw_only=True)
class Partition(Ordered):
    """A partition of a disk."""

    name: str
    """Kernel name, such as ``sda1``."""
    disk: str
    size_bytes: int
    type: str | None = None
    """GUID of a GPT partition, number of an MBR one (``0x83``), lower case."""
    label: str | None = None
    """Name in a GPT."""
    filesystem: str | None = None
    """What is on it: ``ext4``, ``xfs``, ``swap``, ``LVM2_member``, ``crypto_LUKS`` …"""
    filesystem_uuid: str | None = None
    filesystem_label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Volume(Ordered):
    """A block device that lies on others."""

    name: str
    """As the administrator named it: ``rhel-root``, ``mpatha``, ``md0``."""
    device: str
    """Kernel name, such as ``dm-0``."""
    kind: VolumeKind
    size_bytes: int
    on: tuple[str, ...] = ()
    """Kernel names of what it lies on."""
    group: str | None = None
    """Volume group of LVM."""
    level: str | None = None
    """``raid1`` …, for RAID."""
    members: int | None = None
    """Devices that a RAID should have."""
    working: int | None = None
    """Those of them that work."""
    state: str | None = None
    """In the kernel's words: ``active``, ``recovery`` …"""
    filesystem: str | None = None
    filesystem_uuid: str | None = None
    filesystem_label: str | None = None


@dataclass(frozen=True, kw_only=True)
class VolumeGroup(Ordered):
    """A volume group of LVM that holds a logical volume in use."""

    name: str
    physical_volumes: tuple[str, ...] = ()
    """Kernel names. One that no volume in use lies on is seen only where udev noted its group."""
    size_bytes: int | None = None
    """Of its physical volumes together; LVM's own notes take a few MiB of each."""


@dataclass(frozen=True, kw_only=True)
class Pool(Ordered):
    """A pool of ZFS, or a Btrfs filesystem with the devices that it lies on."""

    name: str
    kind: str
    """``zfs`` or ``btrfs``."""
    state: str | None = None
    """``ONLINE``, ``DEGRADED`` …"""
    uuid: str | None = None
    on: tuple[str, ...] = ()
    """Kernel names of its devices; not told for ZFS."""


@dataclass(frozen=True, kw_only=True)
class SwapArea(Ordered):
    """A place that memory is swapped out to."""

    path: str
    file: bool
    """A file; otherwise a whole device or partition."""
    size_bytes: int
    used_bytes: int
    priority: int | None = None


@dataclass(frozen=True, kw_only=True)
class FibreChannelPort(Ordered):
    """A port of a Fibre Channel adapter."""

    name: str
    """``host1``."""
    wwpn: str
    """World-wide port name: sixteen hexadecimal digits, lower case."""
    wwnn: str | None = None
    state: str | None = None
    """``Online``, ``Linkdown`` …"""
    speed: str | None = None
    """``16 Gbit`` …"""
    adapter: str | None = None
    """What the driver says of adapter, firmware and driver."""


@dataclass(frozen=True, kw_only=True)
class IscsiSession(Ordered):
    """A session with an iSCSI target."""

    target: str
    """Its name (IQN)."""
    address: str | None = None
    """``192.0.2.10:3260``; where a target has several, one of them."""
    state: str | None = None
    """``LOGGED_IN``, ``FAILED`` …"""


@dataclass(frozen=True, kw_only=True)
class Tape(Ordered):
    """A tape drive or a changer for media."""

    address: str
    """Host, channel, target and LUN: ``3:0:1:0``."""
    vendor: str
    model: str
    changer: bool
    """A changer (library robot); otherwise a drive."""


@dataclass(frozen=True, kw_only=True)
class NetworkMount(Ordered):
    """A filesystem of another server that this one uses, or is set up to use."""

    mount_point: str
    source: str
    """``nas:/exports/home``, ``//files/team`` … without user names and passwords."""
    type: str
    server: str | None = None
    """Name or address of the other server; None where the source does not name one."""
    share: str | None = None
    """Path or share on it."""
    mounted: Mounted
    responding: bool | None = None
    """Whether it told its size within its own limit. A mount that did not hangs its users too."""
    options: tuple[str, ...] = ()
    """Of what is mounted. Options that may hold a secret are left out."""


@dataclass(frozen=True, kw_only=True)
class Export(Ordered):
    """A folder that the server's NFS is set up to share with one client or group of them."""

    path: str
    client: str
    """Name, network, netgroup, or ``*`` for anybody."""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Share(Ordered):
    """A folder that Samba or rsync is set up to share."""

    name: str
    protocol: str
    """``smb`` or ``rsync``."""
    path: str | None = None
    read_only: bool | None = None
    """None when the configuration leaves it to the default (read only)."""
    guests: bool | None = None
    """Whether anybody gets in without a password; None when it is left to the default (no)."""
    users: str | None = None
    """Who may use it, as written there (``valid users``)."""


@dataclass(frozen=True, kw_only=True)
class Printer(Ordered):
    """A print queue."""

    name: str
    address: str | None = None
    """Where it prints to, without user name and password: ``socket://192.0.2.9:9100``."""


PARTITIONS: Final = FactKey[tuple[Partition, ...]](
    name="storage.partitions", kind=tuple[Partition, ...], help="Partitions of the disks"
)
VOLUMES: Final = FactKey[tuple[Volume, ...]](
    name="storage.volumes",
    kind=tuple[Volume, ...],
    help="Block devices that lie on others: LVM, RAID, encryption, multipath …",
)
VOLUME_GROUPS: Final = FactKey[tuple[VolumeGroup, ...]](
    name="storage.volume_groups", kind=tuple[VolumeGroup, ...], help="Volume groups of LVM"
)
POOLS: Final = FactKey[tuple[Pool, ...]](
    name="storage.pools", kind=tuple[Pool, ...], help="Pools of ZFS and filesystems of Btrfs"
)
SWAP: Final = FactKey[tuple[SwapArea, ...]](
    name="storage.swap", kind=tuple[SwapArea, ...], help="Where memory is swapped out to"
)
FIBRE_CHANNEL: Final = FactKey[tuple[FibreChannelPort, ...]](
    name="storage.fibre_channel",
    kind=tuple[FibreChannelPort, ...],
    help="Ports of Fibre Channel adapters",
)
ISCSI_INITIATOR: Final = FactKey[str](
    name="storage.iscsi_initiator", kind=str, help="Name (IQN) by which iSCSI targets know it"
)
ISCSI_SESSIONS: Final = FactKey[tuple[IscsiSession, ...]](
    name="storage.iscsi_sessions",
    kind=tuple[IscsiSession, ...],
    help="Sessions with iSCSI targets",
)
TAPES: Final = FactKey[tuple[Tape, ...]](
    name="storage.tapes", kind=tuple[Tape, ...], help="Tape drives and media changers"
)
NETWORK_MOUNTS: Final = FactKey[tuple[NetworkMount, ...]](
    name="storage.network_mounts",
    kind=tuple[NetworkMount, ...],
    help="Filesystems of other servers that it uses, or is set up to use",
)
EXPORTS: Final = FactKey[tuple[Export, ...]](
    name="storage.nfs_exports", kind=tuple[Export, ...], help="What it shares over NFS"
)
NFS_THREADS: Final = FactKey[int](
    name="storage.nfs_threads", kind=int, help="Threads of the NFS server; 0 when it is stopped"
)
SHARES: Final = FactKey[tuple[Share, ...]](
    name="storage.shares", kind=tuple[Share, ...], help="What it shares by Samba and rsync"
)
PRINTERS: Final = FactKey[tuple[Printer, ...]](
    name="storage.printers", kind=tuple[Printer, ...], help="Print queues of CUPS"
)
