"""The security groups of a landing zone, and what they let in from the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What anybody may reach."""

    protocol: str
    """``tcp``, ``udp``, ``icmp`` … or ``all``."""
    first: int
    last: int
    """Ports, both included; 0 to 65535 is every one."""

    def __str__(self) -> str:
        """Say ``tcp 22`` or ``all ports``."""
        if self.protocol == "all":
            return "everything"
        if (self.first, self.last) == (0, 65535):
            return f"every port of {self.protocol}"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol} {ports}"


@dataclass(frozen=True, kw_only=True)
class Firewalls:
    """Those that exist of what was asked for, by the id they were asked by."""

    open_to_world: Mapping[str, tuple[Opening, ...]]
