"""A place where servers stand, and how they are reached from here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network


@dataclass(frozen=True, kw_only=True)
class Site:
    """One site of the estate."""

    name: str
    networks: tuple[str, ...] = ()
    """Such as ``10.1.0.0/16``. No name is resolved to find out whether it is in one."""
    servers: tuple[str, ...] = ()
    """Patterns of servers' names, with ``*`` and ``?``."""
    jump: str | None = None
    """The jump host through which its servers are reached: ``user@server:port``; several are
    parted by commas."""
    rate: float | None = None
    """Most new connections a second to its servers; None leaves it to the run."""

    def holds(self, host: str) -> bool:
        """Tell whether the server of this name or address stands here."""
        return self._holds_address(host) or any(_fits(host, each) for each in self.servers)

    def _holds_address(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        networks = (ip_network(each, strict=False) for each in self.networks)
        return any(address in network for network in networks)


def _fits(host: str, pattern: str) -> bool:
    wild = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, host.lower()) is not None
