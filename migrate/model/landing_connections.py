"""The ways between the data centre and a landing zone, and whether they are up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One way that exists."""

    kind: str
    """``VPN``, ``Direct Connect``, ``ExpressRoute`` …"""
    up: bool | Unknown
    """Whether anything passes now."""
    lines: int
    """How many tunnels, sessions or peerings of it are up."""
    of: int
    """How many there are."""
    detail: str
    """The provider's words."""


@dataclass(frozen=True, kw_only=True)
class Connections:
    """Those that exist of what was asked for, by the id they were asked by."""

    connections: Mapping[str, Connection]
