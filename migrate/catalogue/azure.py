"""What Azure offers in a region: VM sizes with their prices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from inventory.model.parts import BootType
from migrate.catalogue.basis import basis
from migrate.catalogue.datasets import datasets, read_rows
from migrate.catalogue.offer import GIBIBYTE, Offer, Price, Trait
from migrate.catalogue.overlay import SHIPPED, Catalogue

_ARCHITECTURES = {"x64": frozenset({"x86_64", "i686"}), "Arm64": frozenset({"aarch64"})}
_BOOTS = {"V1": BootType.BIOS, "V2": BootType.UEFI}
_SERIES = (
    (re.compile(r"Standard_(NC|ND|NG|NP|NV|NM)"), Trait.ACCELERATED),
    (re.compile(r"Standard_H"), Trait.HIGH_PERFORMANCE),
    (re.compile(r"Standard_(DC|EC|NCC)"), Trait.CONFIDENTIAL),
)


def regions(catalogue: Catalogue = SHIPPED) -> tuple[str, ...]:
    """Return the regions that the catalogue has prices for, in order."""
    return tuple(sorted({row["region"] for row in _price_rows(catalogue)}))


@cache
def offers(region: str, catalogue: Catalogue = SHIPPED) -> tuple[Offer, ...]:
    """Return every VM size that is offered in the region."""
    prices = {row["name"]: row for row in _price_rows(catalogue) if row["region"] == region}
    as_of = datasets(catalogue)["azure-size-prices"].date
    return tuple(
        _offer(row, prices.get(row["name"], {}), as_of, zones=row.get(f"zones_{region}"))
        for row in read_rows(datasets(catalogue)["azure-sizes"].file, catalogue)
        if region in row["regions"].split("|")
    )


def _offer(
    row: Mapping[str, str], prices: Mapping[str, str], as_of: date, *, zones: str | None
) -> Offer:
    on_arm = row["arch"] == "Arm64"
    return Offer(
        name=row["name"],
        vcpus=int(row["vcpu_constrained"] or row["vcpu"]),
        memory_bytes=int(Decimal(row["memory_gib"]) * GIBIBYTE),
        architectures=_ARCHITECTURES[row["arch"]],
        boots=frozenset(_BOOTS[generation] for generation in row["generations"].split("|")),
        max_volumes=int(row["max_data_disks"]) + 1,
        max_interfaces=int(row["max_nics"]),
        shares_slots=False,
        traits=frozenset(_traits(row)),
        linux=_price(prices, "linux", as_of),
        # The source has Windows prices for Arm sizes, on which Windows Server is not sold.
        windows=None if on_arm else _price(prices, "windows", as_of),
        max_operations=_whole(row["uncached_iops"]),
        max_disk_mb=_whole(row["uncached_mb_s"]),
        max_network_mbit=_whole(row["net_mbps"]),
        fast_volumes=row["premium_io"] == "1",
        zones=None if zones is None else len(zones.split("|")) if zones else 0,
    )


def _whole(number: str) -> int | None:
    """Return a limit, rounded down; None when it is not told."""
    return int(Decimal(number)) if number else None


def _traits(row: Mapping[str, str]) -> set[Trait]:
    traits = {trait for pattern, trait in _SERIES if pattern.match(row["name"])}
    if row["burstable"] == "1":
        traits.add(Trait.BURSTABLE)
    if row["vcpu_constrained"]:
        traits.add(Trait.CONSTRAINED)
    if row["retire"]:
        traits.add(Trait.RETIRING)
    return traits


def _price(prices: Mapping[str, str], column: str, as_of: date) -> Price | None:
    usd = prices.get(column, "")
    if not usd:
        return None
    return Price(usd=Decimal(usd), basis=basis(prices[f"{column}_basis"], as_of))


@cache
def _price_rows(catalogue: Catalogue) -> list[dict[str, str]]:
    return read_rows(datasets(catalogue)["azure-size-prices"].file, catalogue)
