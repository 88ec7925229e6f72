"""``azure_vm_sizes.csv`` out of Microsoft.Compute's list of SKUs.

A size counts as offered in a region that lists it, even where a subscription must ask for it first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present, as_csv, flag, parts_of, plain

_SIZES = "virtualMachines"
_MEBIBYTES = 1024
_FLAGS = {
    "premium_io": "PremiumIO",
    "accel_net": "AcceleratedNetworkingEnabled",
    "ephemeral_os": "EphemeralOSDiskSupported",
    "encryption_at_host": "EncryptionAtHostSupported",
}
_KEPT = ("net_mbps", "retire")
"""What the list does not tell, and stays as it was."""


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked for a region."""
    return (Question(source=Source.AZURE_SKUS, about="skus", region=region),)


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew: fetched regions as they are now, others as they were."""
    before = present.rows()
    rows = {row["name"]: dict(row) for row in before}
    offered = {name: _regions(row) for name, row in rows.items()}
    for each in fetched:
        found = {sku["name"]: sku for sku in _sizes(each)}
        for name in rows.keys() | found.keys():
            offered.setdefault(name, set()).discard(each.region)
        for name, sku in found.items():
            offered[name].add(each.region)
            zones = {f"zones_{each.region}": "|".join(_zones(sku, each.region))}
            rows[name] = {**dict.fromkeys(_KEPT, ""), **rows.get(name, {}), **_row(sku), **zones}
    for name, row in rows.items():
        row["regions"] = "|".join(sorted(offered[name]))
    columns = list(dict.fromkeys(name for row in (*before[:1], *rows.values()) for name in row))
    regions = set().union(*(_regions(row) for row in before))
    return Made(text=as_csv(rows.values(), columns), parts=parts_of(present, regions, fetched))


def _regions(row: Mapping[str, str]) -> set[str]:
    return set(filter(None, row["regions"].split("|")))


def _sizes(fetched: Fetched) -> Iterator[Mapping[str, Any]]:
    for page in fetched.pages:
        for sku in page["value"]:
            # The basic tier and dedicated hosts are no sizes to move a server to.
            if sku["resourceType"] == _SIZES and sku["name"].startswith("Standard_"):
                yield sku


def _zones(sku: Mapping[str, Any], region: str) -> list[str]:
    return sorted(
        zone
        for place in sku.get("locationInfo", ())
        if place["location"].lower() == region
        for zone in place.get("zones", ())
    )


def _row(sku: Mapping[str, Any]) -> dict[str, str]:
    can = {each["name"]: each["value"] for each in sku.get("capabilities", ())}
    vcpus, available = can.get("vCPUs", ""), can.get("vCPUsAvailable", "")
    temporary = can.get("MaxResourceVolumeMB", "")
    throughput = can.get("UncachedDiskBytesPerSecond", "")
    return {
        "name": sku["name"],
        "family": sku.get("family") or "",
        "vcpu": vcpus,
        "vcpu_constrained": available if available and available != vcpus else "",
        "memory_gib": can.get("MemoryGB", ""),
        "arch": can.get("CpuArchitectureType", "x64"),
        "generations": "|".join(sorted(filter(None, can.get("HyperVGenerations", "").split(",")))),
        "max_data_disks": can.get("MaxDataDiskCount", "0"),
        "max_nics": can.get("MaxNetworkInterfaces", "1"),
        "temp_disk_gib": plain(Decimal(temporary) / _MEBIBYTES) if temporary else "",
        "temp_disk_src": "sku-list" if temporary else "",
        "uncached_iops": can.get("UncachedDiskIOPS", ""),
        "uncached_mb_s": plain(Decimal(throughput) / 10**6) if throughput else "",
        "burstable": flag(holds=sku["name"].startswith("Standard_B")),
        **{column: flag(holds=can.get(name) == "True") for column, name in _FLAGS.items()},
    }
