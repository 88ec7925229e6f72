"""Quotas of Microsoft.Compute in a region, and how much of them is in use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._skus import SKUS, listed_sizes
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_quotas import Quota, Quotas
from migrate.model.reader import Reader

_COMPUTE = "2024-07-01"
REGIONAL = "cores"
"""Total Regional vCPUs: every size counts against it, beside its family's own."""
_MACHINES = "virtualmachines"
_TIERS = (1, 2, 3, 4, 6, 10, 15, 20, 30, 40, 50, 60, 70, 80)
"""Sizes of managed disks: P1 to P80, E1 to E80, S4 to S80."""
_OF_DISK = {
    f"{letter}{tier}": quota
    for letter, quota in (
        ("P", "premiumdiskcount"),
        ("E", "standardssddiskcount"),
        ("S", "standarddiskcount"),
    )
    for tier in _TIERS
} | {"Premium": "premiumv2diskcount", "Ultra": "ultrassddiskcount"}
"""By the first word of the volume's name: ``P10``, ``Premium SSD v2``."""
_UNITS = {REGIONAL: "vCPUs", _MACHINES: "VMs"} | dict.fromkeys(_OF_DISK.values(), "disks")


def _read(asked: AzureZoneAsked) -> Mapping[str, Quotas]:
    where = f"{asked.here}/providers/Microsoft.Compute/locations/{asked.zone.region}/usages"
    usages = asked.arm.pages(where, _COMPUTE)
    return {asked.id: quotas(usages, listed_sizes(asked), asked.sizes)}


def quotas(
    usages: Iterable[Mapping[str, Any]],
    listed: Mapping[str, Mapping[str, Any]],
    sizes: Iterable[str],
) -> Quotas:
    """Make quotas of what Azure says of usage and sizes. Pure.

    The two write a family's name differently in case, blanks and hyphens, so that these are left
    out of it.
    """
    return Quotas(
        quotas=tuple(_quota(each) for each in usages),
        of_size={each: _size(each, listed) for each in sizes},
        of_disk=_OF_DISK,
        of_server=(_MACHINES,),
    )


def _quota(said: Mapping[str, Any]) -> Quota:
    name = _plain(said["name"]["value"])
    return Quota(
        id=name,
        name=said["name"].get("localizedValue") or said["name"]["value"],
        unit=_UNITS.get(name, "vCPUs" if name.endswith("family") else "of them"),
        limit=said["limit"],
        used=said["currentValue"],
    )


def _size(size: str, listed: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...] | Unknown:
    family = listed.get(size.lower(), {}).get("family")
    if not family:
        detail = f"Azure names no family of {size} in this region"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return (_plain(family), REGIONAL)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


READER = Reader(
    tells=Quotas, calls=(azure_call("GET Microsoft.Compute/locations/usages"), SKUS), read=_read
)
