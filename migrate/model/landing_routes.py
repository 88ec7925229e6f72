"""Where packets go that leave the subnets of a landing zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from inventory.model.fact import Unknown


class Via(Enum):
    """What a route leads to."""

    ON_PREMISE = "on premise"
    """A gateway to the data centre: transit or virtual private gateway, ExpressRoute or VPN."""
    INTERNET = "internet"
    INSIDE = "inside"
    """The network itself, or one joined to it."""
    APPLIANCE = "appliance"
    """A firewall or router of the estate's own, or another's gateway, which decides where packets
    go from there."""
    NETWORK = "network"
    """Another network of the cloud, by way of a gateway: for itself, or to be passed on."""
    DROPPED = "dropped"
    """Nothing, on purpose."""
    BLACKHOLE = "blackhole"
    """Something that is gone, so that packets are lost."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route that counts for a subnet."""

    prefix: str
    """Destination: ``0.0.0.0/0``; empty when the provider names a group of addresses instead."""
    via: Via
    target: str
    """The provider's id or word of what it leads to."""
    beyond: tuple[Route, ...] | Unknown | None = None
    """The routes by which what it leads to sends packets on; None where it has no table of its
    own."""


@dataclass(frozen=True, kw_only=True)
class Routes:
    """The routes of each subnet that exists, by the id it was asked by."""

    routes: Mapping[str, tuple[Route, ...] | Unknown]
