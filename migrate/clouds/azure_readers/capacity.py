"""Processors and memory of virtual machines, as Azure's list of sizes in their region has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, machines, properties
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_size import Capacity

_VERSION: Final = "2021-07-01"
_GIB: Final = 2**30

Sizes = Mapping[tuple[str, str], Mapping[str, str]]


def _read(asked: AzureAsked) -> Mapping[str, Capacity | Unknown]:
    arm = asked.arm
    found = machines(arm, asked)
    known: dict[tuple[str, str], Mapping[str, str]] = {}
    for region in sorted({each["location"].lower() for each in found.values()}):
        path = f"/subscriptions/{asked.place}/providers/Microsoft.Compute/skus"
        for sku in arm.pages(path, _VERSION, filter_=f"location eq '{region}'"):
            if sku.get("resourceType") == "virtualMachines":
                known[region, sku["name"].lower()] = _capabilities(sku)
    return each_read(found, lambda said: capacity(said, known))


def _capabilities(sku: Mapping[str, Any]) -> Mapping[str, str]:
    return {each["name"]: each["value"] for each in sku.get("capabilities") or ()}


def capacity(said: Mapping[str, Any], sizes: Sizes) -> Capacity:
    """Make it of a virtual machine, and the capabilities of each size by region and name. Pure.

    A machine may have fewer processors than its size by its own properties.
    """
    hardware = properties(said)["hardwareProfile"]
    size, region = hardware["vmSize"], said["location"]
    capabilities = sizes.get((region.lower(), size.lower()), {})
    own = (hardware.get("vmSizeProperties") or {}).get("vCPUsAvailable")
    vcpus = own or capabilities.get("vCPUsAvailable") or capabilities.get("vCPUs")
    memory = capabilities.get("MemoryGB")
    untold = Unknown(
        reason=Reason.NOT_TOLD, detail=f"Azure does not describe the size {size} in {region}"
    )
    return Capacity(
        size=size,
        vcpus=untold if vcpus is None else int(vcpus),
        memory_bytes=untold if memory is None else round(float(memory) * _GIB),
    )


READER = Reader(
    tells=Capacity, calls=(MACHINES, azure_call("GET Microsoft.Compute/skus")), read=_read
)
