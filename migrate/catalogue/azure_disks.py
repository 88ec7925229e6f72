"""Which managed disk a disk becomes: the cheapest kind that can do what is wanted, and its price.

Where use was not measured it is a Standard SSD of the size (Azure Migrate falls back to it, too).
Premium SSD v2 and Ultra hold data only: no system boots from them. Standard HDDs come in only
where they are asked for and what they must do was measured. Limits of the two kinds without tiers:
learn.microsoft.com/azure/virtual-machines/disks-types, read 2026-11-23; what they give for each
GiB and for each operation is general knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from migrate.catalogue.basis import basis
from migrate.catalogue.datasets import datasets, read_json, read_rows
from migrate.catalogue.offer import Price, Volume, Wanted
from migrate.catalogue.overlay import SHIPPED, Catalogue

HOURS_A_MONTH: Final = 730
PRICE_COLUMNS: Final = {
    "uksouth": "uksouth_usd_month_estimate",
    "westeurope": "westeurope_usd_month",
    "northeurope": "northeurope_usd_month",
}
_STANDARD, _PREMIUM, _HARD = "StandardSSD_LRS", "Premium_LRS", "Standard_LRS"


@dataclass(frozen=True, kw_only=True)
class _Free:
    """A kind of disk whose size, operations and throughput are chosen apart."""

    name: str
    rates: str
    """What the price file calls it."""
    max_gib: int
    max_operations: int
    max_mb: int
    operations_per_gib: int
    always: int
    """Operations that every disk of it may have, however small."""
    sizes: tuple[int, ...]
    """Up to the largest of these, in GiB, it comes in these only, then in whole multiples of the
    largest; empty when it comes in whole GiB."""
    operations_per_mb: int = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tier:
    """A size in which a kind of disk is sold, with all that it can do."""

    volume: Volume
    max_gib: int
    max_operations: int
    max_mb: Decimal

    def can(self, wanted: Wanted) -> bool:
        """Tell whether it can do what is wanted."""
        return (
            self.max_gib >= wanted.gib
            and self.max_operations >= (wanted.operations or 0)
            and self.max_mb >= (wanted.mb or 0)
        )


_V2 = _Free(
    name="Premium SSD v2",
    rates="premium_ssd_v2",
    max_gib=65_536,
    max_operations=80_000,
    max_mb=1_200,
    operations_per_gib=500,
    always=3_000,
    sizes=(),
)
_ULTRA = _Free(
    name="Ultra Disk",
    rates="ultra",
    max_gib=65_536,
    max_operations=400_000,
    max_mb=10_000,
    operations_per_gib=300,
    always=100,
    sizes=(4, 8, 16, 32, 64, 128, 256, 512, 1024),
)


@lru_cache(maxsize=65_536)
def volume(region: str, wanted: Wanted, catalogue: Catalogue = SHIPPED) -> Volume | None:
    """Return the cheapest disk for a disk; None when no single one can do it.

    Of disks without a price in the region the first that can do it is returned, without one.
    """
    found = list(_tiers(region, wanted, catalogue))
    measured = wanted.operations is not None and wanted.mb is not None
    if measured and not wanted.boots:
        found += [each for kind in (_V2, _ULTRA) for each in _free(kind, region, wanted, catalogue)]
    priced = [each for each in found if each.month is not None]
    if priced:
        return min(priced, key=lambda each: each.month.usd if each.month else Decimal(0))
    return found[0] if found else None


def _tiers(region: str, wanted: Wanted, catalogue: Catalogue) -> Iterator[Volume]:
    """Yield the smallest tier of each kind that can do it."""
    measured = wanted.operations is not None and wanted.mb is not None
    kinds = [_STANDARD]
    if measured:
        kinds += [_PREMIUM, *([_HARD] if wanted.hard_disks else [])]
    for kind in kinds:
        tiers = _tiers_of(kind, region, catalogue)
        found = next((tier.volume for tier in tiers if tier.can(wanted)), None)
        if found is not None:
            yield found


def _free(kind: _Free, region: str, wanted: Wanted, catalogue: Catalogue) -> Iterator[Volume]:
    """Yield the one disk of a kind without tiers that can do it, if it can."""
    mb = wanted.mb or 0
    operations = max(wanted.operations or 0, kind.operations_per_mb * mb)
    beyond = operations if operations > kind.always else 0
    gib = _sold(kind, max(wanted.gib, -(-beyond // kind.operations_per_gib)))
    if gib > kind.max_gib or operations > kind.max_operations or mb > kind.max_mb:
        return
    price = _free_price(kind, region, (gib, operations, mb), catalogue)
    said = f"{kind.name} of {gib} GiB with {operations} IOPS and {mb} MB/s"
    yield Volume(name=said, month=price, fast=True)


def _sold(kind: _Free, gib: int) -> int:
    if not kind.sizes:
        return gib
    largest = kind.sizes[-1]
    smallest = next((each for each in kind.sizes if each >= gib), None)
    return smallest or -(-gib // largest) * largest


def _free_price(
    kind: _Free, region: str, made: tuple[int, int, int], catalogue: Catalogue
) -> Price | None:
    """Return the price; in uksouth, of which none is known, an estimate by West Europe's."""
    regions = _free_rates(catalogue)
    stands_in = region == "uksouth" and region not in regions
    rates = regions.get("westeurope" if stands_in else region, {}).get(kind.rates)
    if rates is None:
        return None
    gib, operations, mb = made
    hour = (
        Decimal(str(rates["gib_hour"])) * gib
        + Decimal(str(rates["iops_hour"])) * max(0, operations - rates.get("free_iops", 0))
        + Decimal(str(rates["mb_s_hour"])) * max(0, mb - rates.get("free_mb_s", 0))
    )
    as_of = datasets(catalogue)["azure-storage"].date
    noted = "estimate=westeurope (no UK South disk price found)" if stands_in else "observed-"
    said = basis(noted, as_of) if stands_in else f"observed {as_of}"
    return Price(usd=hour * HOURS_A_MONTH, basis=said)


@cache
def _tiers_of(kind: str, region: str, catalogue: Catalogue) -> tuple[_Tier, ...]:
    """Return the tiers of a kind, the smallest first."""
    rows = read_rows(datasets(catalogue)["azure-disks"].file, catalogue)
    tiers = (_tier(row, region, catalogue) for row in rows if row["sku"] == kind)
    return tuple(sorted(tiers, key=lambda tier: tier.max_gib))


def _tier(row: Mapping[str, str], region: str, catalogue: Catalogue) -> _Tier:
    price = _tier_price(row, region, catalogue)
    return _Tier(
        volume=Volume(name=row["size"], month=price, fast=row["sku"] == _PREMIUM),
        max_gib=int(row["max_gib"]),
        max_operations=int(row["max_iops"]),
        max_mb=Decimal(row["max_mb_s"]),
    )


def _tier_price(row: Mapping[str, str], region: str, catalogue: Catalogue) -> Price | None:
    stood_in = row.get(PRICE_COLUMNS.get(region, ""), "")
    usd = row.get(f"{region}_usd_month", stood_in)
    noted = row.get(f"{region}_basis", "observed-2026-08")
    as_of = datasets(catalogue)["azure-disks"].date
    return Price(usd=Decimal(usd), basis=basis(noted, as_of)) if usd else None


@cache
def _free_rates(catalogue: Catalogue) -> Mapping[str, Any]:
    content = read_json(datasets(catalogue)["azure-storage"].file, catalogue)
    rates: Mapping[str, Any] = content["regions"]
    return rates
