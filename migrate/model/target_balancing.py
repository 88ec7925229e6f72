"""What is known of the load balancers that send work to a resource."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.model.fact import Unknown


class Health(Enum):
    """What a load balancer makes of one of those it sends work to."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    NOT_IN_USE = "not in use"
    """It is registered and gets no work: draining, starting, or its group belongs to nothing."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One place at which the resource is registered."""

    balancer: str
    """Name of the load balancer; empty when the group belongs to none."""
    group: str
    """Name of the target group or the backend pool."""
    health: Health | Unknown
    detail: str = ""
    """The provider's words, or how its health was told."""


@dataclass(frozen=True, kw_only=True)
class Balancing:
    """Every place at which one resource is registered."""

    registrations: tuple[Registration, ...]
