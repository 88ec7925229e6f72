"""The subnets of a landing zone: how many addresses they have left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """One subnet that exists."""

    prefix: str
    """``10.1.2.0/24``; several parted by commas."""
    free: int | Unknown
    """Addresses that can still be given away."""
    arithmetic: str = ""
    """How that number came about, where it was reckoned here."""
    zone: str | None = None
    """Availability zone; None where subnets span them."""


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """The subnets that exist of those that were asked for, by the id they were asked by."""

    subnets: Mapping[str, Subnet]
