"""Whether names are resolved in a landing zone's network, and which go to the data centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """How names are resolved in one network."""

    provider: bool
    """Whether the provider's own resolver answers there."""
    hostnames: bool
    """Whether servers there get names of their own; true where that is no setting."""
    servers: tuple[str, ...]
    """Name servers that servers are told in place of the provider's."""
    forwarded: tuple[str, ...] | Unknown
    """Domains whose names the provider asks elsewhere, or answers itself."""
    broken: tuple[str, ...] = ()
    """Forwardings that do not work, each with the provider's word."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """The networks of the subnets, by the network's id."""

    networks: Mapping[str, Resolution]
