"""Azure Hybrid Benefit: how many cores of Windows Server are brought already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._skus import SKUS, listed_sizes, vcpus_of
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_licences import Licences
from migrate.model.reader import Reader
from migrate.rules.azure_windows_licence import LEAST_CORES

_COMPUTE = "2024-07-01"
_BROUGHT = "Windows_Server"
"""Flag of a machine whose licence is brought: Compute API reference, licenseType."""


def _read(asked: AzureZoneAsked) -> Mapping[str, Licences]:
    machines = asked.arm.pages(
        f"{asked.here}/providers/Microsoft.Compute/virtualMachines", _COMPUTE
    )
    sizes = {name: vcpus_of(each) for name, each in listed_sizes(asked).items()}
    return {asked.id: licences(machines, sizes, asked.zone.windows_cores)}


def licences(
    machines: Iterable[Mapping[str, Any]], vcpus: Mapping[str, int | None], owned: int | None
) -> Licences:
    """Make it of the subscription's machines, and of the vCPUs of sizes in lower case. Pure.

    Azure keeps no count of licences; ``owned`` is what the estate says.
    """
    brought = [
        str((each["properties"].get("hardwareProfile") or {}).get("vmSize")).lower()
        for each in machines
        if each["properties"].get("licenseType") == _BROUGHT
    ]
    lost = sorted({each for each in brought if vcpus.get(each) is None})
    used: int | Unknown = sum(max(vcpus.get(each) or 0, LEAST_CORES) for each in brought)
    if lost:
        detail = f"Azure does not say how many vCPUs {', '.join(lost)} has in this region"
        used = Unknown(reason=Reason.NOT_TOLD, detail=detail)
    silent = Unknown(
        reason=Reason.NOT_ASKED,
        detail="Azure keeps no count of them: give the landing zone windows_cores = …",
    )
    return Licences(
        counted_by="Core",
        owned=silent if owned is None else owned,
        used=used,
        where=f"Windows Server on {len(brought)} machines with Azure Hybrid Benefit",
    )


READER = Reader(
    tells=Licences,
    calls=(azure_call("GET Microsoft.Compute/virtualMachines"), SKUS),
    read=_read,
)
