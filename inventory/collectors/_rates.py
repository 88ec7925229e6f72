"""From counters that only grow to what happened a second, however the source lays them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from inventory.model.utilisation import Utilisation, spread

SECTOR_BYTES: Final = 512
"""The unit of the kernel's own disk counters, whatever the disk's."""
_WHOLE_DISK: Final = re.compile(
    r"(?:[shv]d[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+|dasd[a-z]+|cciss/c\d+d\d+)\Z"
)
_PARTITION: Final = re.compile(r"(?P<disk>.*[a-z])\d+\Z")
_INNER: Final = (
    "lo", "veth", "docker", "br-", "virbr", "vnet", "tap", "tun", "cali", "cni", "flannel",
    "dummy", "ifb", "bond", "team", "vlan", "lxc", "kube", "wg",
)  # fmt: skip
"""How interfaces begin whose traffic stays within the server, or is counted by another as well."""


@dataclass(kw_only=True)
class Measures:
    """What was measured in each interval; a list that stays empty was not told."""

    cpu_percent: list[float] = field(default_factory=list)
    memory_percent: list[float] = field(default_factory=list)
    disk_read: list[float] = field(default_factory=list)
    """Bytes a second, as all that follows."""
    disk_write: list[float] = field(default_factory=list)
    disk_operations: list[float] = field(default_factory=list)
    received: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)

    def utilisation(self, source: str, times: Sequence[datetime]) -> Utilisation | None:
        """Return it as a fact; None when nothing was measured."""
        samples = max(len(each) for each in vars(self).values())
        if not samples or not times:
            return None
        return Utilisation(
            source=source,
            since=min(times),
            until=max(times),
            samples=samples,
            cpu_percent=spread(self.cpu_percent),
            memory_percent=spread(self.memory_percent),
            disk_read_bytes_per_second=spread(self.disk_read),
            disk_write_bytes_per_second=spread(self.disk_write),
            disk_operations_per_second=spread(self.disk_operations),
            network_received_bytes_per_second=spread(self.received),
            network_sent_bytes_per_second=spread(self.sent),
        )


def whole_disks(names: Iterable[str]) -> frozenset[str]:
    """Return those of the block devices that are disks: no partition, no layer over disks.

    A cloud may show a partition without its disk; that one counts.
    """
    known = frozenset(names)
    disks = {name for name in known if _WHOLE_DISK.match(name)}
    for name in known - disks:
        part = _PARTITION.match(name)
        if part and _WHOLE_DISK.match(part["disk"]) and part["disk"] not in known:
            disks.add(name)
    return frozenset(disks)


def is_outward(interface: str) -> bool:
    """Tell whether an interface's traffic leaves the server, and no other counts it too."""
    return not interface.startswith(_INNER) and "." not in interface


def per_second(before: float, after: float, seconds: float) -> float | None:
    """Return the rate of a counter; None when it went back, as after a restart."""
    if seconds <= 0 or after < before:
        return None
    return (after - before) / seconds
