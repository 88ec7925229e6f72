"""What AWS offers in a region: EC2 instance types with their prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from inventory.model.parts import BootType
from migrate.catalogue.basis import basis
from migrate.catalogue.datasets import datasets, read_rows
from migrate.catalogue.offer import GIBIBYTE, Offer, Price, Trait
from migrate.catalogue.overlay import SHIPPED, Catalogue

_ARCHITECTURES = {
    "x86_64": frozenset({"x86_64"}),
    "i386|x86_64": frozenset({"x86_64", "i686"}),
    "arm64": frozenset({"aarch64"}),
}
_BOOTS = {"legacy-bios": BootType.BIOS, "uefi": BootType.UEFI}
_ACCELERATED = ("inf", "trn", "dl", "vt", "f1", "f2")


def regions(catalogue: Catalogue = SHIPPED) -> tuple[str, ...]:
    """Return the regions that the catalogue has prices for, in order."""
    return tuple(sorted({row["region"] for row in _price_rows(catalogue)}))


@cache
def offers(region: str, catalogue: Catalogue = SHIPPED) -> tuple[Offer, ...]:
    """Return every instance type that is offered in the region."""
    priced = [row for row in _price_rows(catalogue) if row["region"] == region]
    prices = {row["instance_type"]: row for row in priced}
    as_of = datasets(catalogue)["aws-instance-prices"].date
    offered = f"offered_{region.replace('-', '_')}"
    return tuple(
        _offer(row, prices.get(row["instance_type"], {}), as_of)
        for row in read_rows(datasets(catalogue)["aws-instance-types"].file, catalogue)
        if row.get(offered) == "1" and row["arch"] in _ARCHITECTURES
    )


def _offer(row: Mapping[str, str], prices: Mapping[str, str], as_of: date) -> Offer:
    return Offer(
        name=row["instance_type"],
        vcpus=int(row["vcpu"]),
        memory_bytes=int(Decimal(row["memory_gib"]) * GIBIBYTE),
        architectures=_ARCHITECTURES[row["arch"]],
        boots=frozenset(_BOOTS[mode] for mode in row["boot_modes"].split("|")),
        max_volumes=int(row["max_ebs_attachments"] or 0),
        max_interfaces=int(row["max_enis"]),
        shares_slots=row["ebs_attach_limit"] == "shared",
        traits=frozenset(_traits(row)),
        linux=_price(prices, "linux", as_of),
        windows=_price(prices, "windows", as_of),
        # What lasts, not the half hour a day that most sizes may exceed it for.
        max_operations=_whole(row["ebs_base_iops"]),
        max_disk_mb=_whole(row["ebs_base_mb_s"]),
        max_network_mbit=_whole(row["net_baseline_gbps"], times=1000),
        fast_volumes=row["hypervisor"] != "xen",
    )


def _whole(number: str, *, times: int = 1) -> int | None:
    """Return a limit, rounded down; None when it is not told."""
    return int(Decimal(number) * times) if number else None


def _traits(row: Mapping[str, str]) -> set[Trait]:
    accelerated = row["gpu_count"] != "0" or row["family"].startswith(_ACCELERATED)
    applies = {
        Trait.ACCELERATED: accelerated,
        Trait.BARE_METAL: row["bare_metal"] == "1",
        Trait.BURSTABLE: row["burstable"] == "1",
        Trait.HIGH_PERFORMANCE: row["family"].startswith("hpc"),
        Trait.PREVIOUS_GENERATION: row["current_gen"] == "0",
    }
    return {trait for trait, holds in applies.items() if holds}


def _price(prices: Mapping[str, str], column: str, as_of: date) -> Price | None:
    usd = prices.get(column, "")
    if not usd:
        return None
    return Price(usd=Decimal(usd), basis=basis(prices[f"{column}_basis"], as_of))


@cache
def _price_rows(catalogue: Catalogue) -> list[dict[str, str]]:
    return read_rows(datasets(catalogue)["aws-instance-prices"].file, catalogue)
