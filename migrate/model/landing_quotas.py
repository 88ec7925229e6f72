"""How much a subscription or account may have in a region, and how much it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One limit."""

    id: str
    """The provider's: ``L-1216C47A``, ``standardDSv5Family``."""
    name: str
    unit: str
    """``vCPUs``, ``TiB``, ``VMs``, ``disks``."""
    limit: float | Unknown
    used: float | Unknown


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """The limits that matter to what lands in a zone."""

    quotas: tuple[Quota, ...]
    of_size: Mapping[str, tuple[str, ...] | Unknown]
    """Size → ids of the quotas that its vCPUs count against."""
    of_disk: Mapping[str, str | Unknown]
    """Kind of volume → id of the quota that its size counts against, or each volume where the
    quota's unit is ``disks``."""
    of_server: tuple[str, ...] = ()
    """Ids of quotas that count each server once."""
