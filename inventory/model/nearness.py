"""How near to a server it is whoever tells of it."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering
from typing import Final


@total_ordering
class Nearness(Enum):
    """Who tells of a server, the nearest first."""

    ASKED = "asked directly"
    """The server itself, asked by us."""
    HYPERVISOR = "its hypervisor"
    """Whoever runs the virtual machine: vCenter, a cloud."""
    AGENT = "an agent's inventory"
    """Another tool's program that ran on the server."""
    SCAN = "another tool's scan"
    """What was seen of it over the network. One server may be seen at two addresses, and be two
    records there."""
    LIST = "a list kept by people"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Nearness):
            return NotImplemented
        return _ORDER[self] < _ORDER[other]

    @property
    def tells_apart(self) -> bool:
        """Whether two of its records are two servers.

        What is scanned is found at an address, and may be one server at two of them. Others keep
        one record of each server; so do we, who know a server again when it is asked.
        """
        return self is not Nearness.SCAN


_ORDER: Final = {each: place for place, each in enumerate(Nearness)}
