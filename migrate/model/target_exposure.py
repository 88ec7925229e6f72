"""What of a cloud server the internet can reach.

*The internet* is every source that is so wide that strangers are in it: everything, a public range
wider than a /16 (IPv4) or a /32 (IPv6), or a provider's word for such. Ranges that are narrower
are somebody's, and are not told here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Ports that some rule lets the internet reach."""

    protocol: str
    """``tcp``, ``udp``, ``icmp`` …, or ``any``."""
    first: int
    last: int
    """0 and 65535 for every port, and for protocols without ports."""
    source: str
    """What the rule names: ``0.0.0.0/0``, ``Internet``."""
    rule: str
    """Where it stands: the group and, where it has one, the rule's name."""

    def __str__(self) -> str:
        """Say ``22/tcp``, ``1000-2000/udp`` or ``every port of any``."""
        if (self.first, self.last) == (0, 65535):
            return f"every port of {self.protocol}"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{ports}/{self.protocol}"


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """What the internet can reach."""

    public_addresses: tuple[str, ...]
    """Addresses of its own that the internet routes to it, IPv6 ones included."""
    openings: tuple[Opening, ...]
    filtered: bool = True
    """Whether any filter stands before all of its interfaces."""
