"""``azure_disks.csv`` out of the Azure retail price service: prices; tiers and limits stay."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present, as_csv, parts_of, plain
from migrate.catalogue.refreshing.retail import Item, chosen, items, price

_PRODUCTS = (
    "Premium SSD Managed Disks",
    "Standard SSD Managed Disks",
    "Standard HDD Managed Disks",
)
_PRICE, _BASIS = "_usd_month", "_basis"
STAND_IN = "uksouth_usd_month_estimate"
"""Column of the shipped file for UK South, whose own prices it lacks."""
_AT_HOME = "uksouth"


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked for a region: one question for each product."""
    return tuple(
        Question(
            source=Source.AZURE_PRICES,
            about="prices",
            region=region,
            terms=(("serviceName", "Storage"), ("productName", product)),
        )
        for product in _PRODUCTS
    )


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew: the prices of the fetched regions; everything else as it was.

    Each region has a column of prices and one that says how they are known. The column that held a
    stand-in for UK South gets the real price, as those who read the older files look there.
    """
    rows = [dict(row) for row in present.rows()]
    for each in fetched:
        found = chosen((item for item in items(each) if _is_disk(item)), _disk)
        for row in rows:
            item = found.get(f"{row['size']} {row['redundancy']}")
            usd = plain(price(item)) if item else ""
            row[each.region + _PRICE] = usd
            row[each.region + _BASIS] = f"observed-{each.asked}" if item else "missing"
            if each.region == _AT_HOME:
                row[STAND_IN] = usd
    kept = regions_of(rows[0]) - {each.region for each in fetched}
    return Made(text=as_csv(rows, list(rows[0])), parts=parts_of(present, kept, fetched))


def regions_of(row: dict[str, str]) -> set[str]:
    """Return the regions that have a column of prices."""
    return {name.removesuffix(_PRICE) for name in row if name.endswith(_PRICE)}


def _is_disk(item: Item) -> bool:
    # Mounts of shared disks, operations and bursts have meters of their own.
    plain_disk = f"{item['skuName']} Disk"
    return bool(item["meterName"] == plain_disk and item["unitOfMeasure"] == "1/Month")


def _disk(item: Item) -> str:
    return str(item["skuName"])
