"""What Azure Migrate's exports have in common: who tells, and by what it knows a server."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

AZURE: Final = "azure-migrate"
"""The system that tells, in each of Azure Migrate's exports."""


def key_of(name: str) -> str:
    """Return what Azure Migrate knows a server by: its name, whose case does not count."""
    return name.casefold()


def is_own(address: str) -> bool:
    """Say whether an address can be a server's own in the network: no loopback, no group's."""
    told = ip_address(address)
    return not (told.is_loopback or told.is_unspecified or told.is_multicast)
