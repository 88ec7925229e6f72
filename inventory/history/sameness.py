"""Which facts and details come and go by themselves, and what makes two parts the same thing.

A look at a running server never tells exactly what the last one told: processes have other
numbers, filesystems other bytes free. Such noise would hide what matters, so it is compared only
on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from inventory.model.accounts import Account, Group
from inventory.model.parts import (
    Disk,
    Filesystem,
    Interface,
    Listener,
    Package,
    Process,
    Service,
)
from inventory.model.placement import Snapshot, Tag, VirtualDisk

RESTLESS: Final = frozenset(
    {
        "cpu.speed_mhz",
        "logins.last",
        "logins.recent",
        "memory.available_bytes",
        "memory.committed_bytes",
        "memory.shared_bytes",
        "network.attempts",
        "network.connections",
        "network.neighbours",
        "placement.storage_used_bytes",
        "time.clock",
        "utilisation.history",
        "utilisation.sampled",
    }
)
"""Names of facts that differ from one look to the next though nobody changed anything."""

_RESTLESS_FIELDS: Final[Mapping[type, frozenset[str]]] = {
    Filesystem: frozenset({"used_bytes", "free_bytes", "free_inodes", "inodes"}),
    Listener: frozenset({"pid"}),
    Process: frozenset({"pid", "parent_pid", "started_at", "cpu_seconds", "memory_bytes"}),
}

_IDENTITY: Final[Mapping[type, Callable[[Any], object]]] = {
    Account: lambda each: each.name,
    Disk: lambda each: each.serial or each.name,
    Filesystem: lambda each: each.mount_point,
    Group: lambda each: each.name,
    Interface: lambda each: each.name,
    Listener: lambda each: (each.protocol, each.address, each.port),
    Package: lambda each: (each.manager, each.name, each.architecture),
    Process: lambda each: (each.name, each.command_line, each.user),
    Service: lambda each: each.name,
    Snapshot: lambda each: each.name,
    Tag: lambda each: each.name,
    VirtualDisk: lambda each: each.name,
}


def identity_of(part: object) -> object:
    """Return what stays the same of a part while its details change; the part itself at worst."""
    find = _IDENTITY.get(type(part))
    return find(part) if find else part


def settled(part: object) -> object:
    """Return what of a part does not come and go by itself, for comparing."""
    restless = _RESTLESS_FIELDS.get(type(part))
    if restless is None or not is_dataclass(part):
        return part
    return tuple(getattr(part, each.name) for each in fields(part) if each.name not in restless)
