"""What a server's own tools say of disks, filesystems and interfaces, in our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_interface, ip_network
from typing import Final

from inventory.model.parts import Filesystem, Interface, Transport

_NO_DISK: Final = re.compile(
    r"(loop|ram|zram|sr|fd|md|dm-|nbd|zd|bcache|drbd|mtdblock|cd|acd)\d"
    r"|mmcblk\d+(boot|rpmb)|nvme\d+c\d+n"
)
"""Names of block devices that lie on others, hold removable media, or are no disk at all."""
_NAMED: Final = (
    (re.compile(r"vd[a-z]"), Transport.VIRTIO),
    (re.compile(r"xvd[a-z]"), Transport.XEN),
    (re.compile(r"hd[a-z]"), Transport.IDE),
    (re.compile(r"nvme\d+n\d"), Transport.NVME),
    (re.compile(r"mmcblk\d"), Transport.MMC),
)
MADE_UP: Final = frozenset({
    "autofs", "binfmt_misc", "bootfs", "bpf", "cgroup", "cgroup2", "configfs", "ctfs", "debugfs",
    "dev", "devfs", "devpts", "devtmpfs", "efivarfs", "erofs", "fd", "fdescfs", "fuse.gvfsd-fuse",
    "fuse.lxcfs", "fuse.portal", "fuse.snapfuse", "fusectl", "hugetlbfs", "iso9660", "kernfs",
    "linprocfs", "lofs", "mfs", "mntfs", "mqueue", "namefs", "nfsd", "none", "nsfs", "objfs",
    "proc", "procfs", "pstore", "ptyfs", "ramfs", "rootfs", "rpc_pipefs", "securityfs",
    "selinuxfs", "sharefs", "squashfs", "swap", "sysfs", "tmpfs", "tracefs", "udf", "cd9660",
})  # fmt: skip
"""Types of filesystems that hold nothing of the server's on a disk."""
_LAID_OVER: Final = frozenset({"overlay", "overlayfs", "aufs"})
"""Those of containers, but for a container's own root."""
_OF_OTHERS: Final = ("nfs", "cifs", "smb", "fuse", "davfs", "ceph", "gluster", "ncpfs", "afs")
"""How types begin whose sources and options may hold a user's name and password."""
_ADDRESS_END: Final = re.compile(r"[%/].*\Z")


def is_disk(name: str) -> bool:
    """Tell whether a block device is a whole disk, by its name."""
    return not _NO_DISK.match(name)


def transport_of(name: str) -> Transport | None:
    """Return how a disk is attached, where its name says it."""
    return next((kind for pattern, kind in _NAMED if pattern.match(name)), None)


def maker(vendor: str | None) -> str | None:
    """Return who made a disk; virtio and NVMe give a number of PCI's list instead."""
    of_nobody = {"ATA", "VMware", "QEMU", "VBOX", "Virtual"}
    return None if not vendor or vendor.startswith("0x") or vendor in of_nobody else vendor


def holds_files(mount_point: str, kind: str) -> bool:
    """Tell whether a filesystem is one to look after."""
    if kind.lower() in _LAID_OVER:
        return mount_point == "/"
    return kind.lower() not in MADE_UP


def source_and_options(device: str, kind: str, options: Iterable[str]) -> tuple[str, list[str]]:
    """Return where a filesystem comes from and its options, without what may be secret."""
    if not kind.startswith(_OF_OTHERS):
        return device, list(options)
    kept = [each for each in options if not re.search(r"user|pass|cred|sec", each, re.IGNORECASE)]
    hidden = not kind.startswith("nfs") and re.search(r"[:%].*@", device)
    return f"***@{device.rpartition('@')[2]}" if hidden else device, kept


def once(found: Iterable[Filesystem]) -> tuple[Filesystem, ...]:
    """Leave out what is mounted a second time elsewhere, and what holds nothing."""
    kept: dict[tuple[str, str, int | None], Filesystem] = {}
    for each in sorted(found, key=lambda each: (len(each.mount_point), each.mount_point)):
        if each.size_bytes != 0:
            different = each.mount_point if each.size_bytes is None else each.device
            kept.setdefault((different, each.type, each.size_bytes), each)
    return tuple(sorted(kept.values(), key=lambda each: each.mount_point))


def address(text: str, length: str | None) -> str | None:
    """Return ``192.0.2.4/24`` of an address and its netmask or prefix length; None of no address.

    ``length`` may be ``24``, ``255.255.255.0``, ``ffff:ffff::``, BSD's ``0xffffff00``, or None.
    """
    try:
        bare = ip_address(_ADDRESS_END.sub("", text))
        known = _length(length) if length else None
        return str(bare) if known is None else str(ip_interface(f"{bare}/{known}"))
    except ValueError:
        return None


def _length(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text.startswith("0x"):
        return int(text, 16).bit_count()
    if ":" in text:
        return int(ip_address(text)).bit_count()
    return ip_network(f"0.0.0.0/{text}").prefixlen


def in_order(found: Iterable[Interface]) -> tuple[Interface, ...]:
    """Return interfaces by name."""
    return tuple(sorted(found, key=lambda each: each.name))


def addresses(pairs: Iterable[tuple[str | None, str | None]]) -> Iterator[str]:
    """Yield the addresses of an interface, each once, in order."""
    seen = set()
    for each, length in pairs:
        whole = address(each, length) if each else None
        if whole and whole not in seen:
            seen.add(whole)
            yield whole
