"""What a file of the catalogue holds, part by part, so that two of them can be compared. Pure."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from migrate.catalogue.refreshing.azure_disks import STAND_IN, regions_of

Figures = Mapping[str, Mapping[str, Decimal | None]]
"""By part (a region; empty for the whole): each entry, with its price where it is a price."""


def aws_types(text: str) -> Figures:
    """Tell the types that each region offers."""
    found: dict[str, dict[str, Decimal | None]] = {}
    for row in _rows(text):
        for column, value in row.items():
            if column.startswith("offered_") and value == "1":
                region = column.removeprefix("offered_").replace("_", "-")
                found.setdefault(region, {})[row["instance_type"]] = None
    return found


def aws_prices(text: str) -> Figures:
    """Tell the prices of each region, by type and system."""
    return _prices(_rows(text), "instance_type")


def aws_volumes(text: str) -> Figures:
    """Tell the price of each kind of volume in each region."""
    return {
        region: {kind: Decimal(str(usd)) for kind, usd in of["ebs_gb_month"].items()}
        for region, of in json.loads(text).items()
        if isinstance(of, dict) and "ebs_gb_month" in of
    }


def azure_sizes(text: str) -> Figures:
    """Tell the sizes that each region offers."""
    found: dict[str, dict[str, Decimal | None]] = {}
    for row in _rows(text):
        for region in filter(None, row["regions"].split("|")):
            found.setdefault(region, {})[row["name"]] = None
    return found


def azure_prices(text: str) -> Figures:
    """Tell the prices of each region, by size and system."""
    return _prices(_rows(text), "name")


def azure_disks(text: str) -> Figures:
    """Tell the price of each tier in each region; of UK South, its stand-in where it has none."""
    found: dict[str, dict[str, Decimal | None]] = {}
    for row in _rows(text):
        prices = {region: row[f"{region}_usd_month"] for region in regions_of(row)}
        for region, usd in {"uksouth": row.get(STAND_IN, ""), **prices}.items():
            if usd:
                found.setdefault(region, {})[f"{row['size']} {row['redundancy']}"] = _price(usd)
    return found


def lifecycles(text: str) -> Figures:
    """Tell the release lines of each product."""
    products = json.loads(text)["products"]
    lines = (
        f"{name} {cycle['cycle']}" for name, each in products.items() for cycle in each["cycles"]
    )
    return {"": dict.fromkeys(lines)}


def _rows(text: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(text.splitlines())


def _prices(rows: Iterable[Mapping[str, str]], name: str) -> Figures:
    found: dict[str, dict[str, Decimal | None]] = {}
    for row in rows:
        for system in ("linux", "windows"):
            if row[system]:
                of_region = found.setdefault(row["region"], {})
                of_region[f"{row[name]} with {system.capitalize()}"] = _price(row[system])
    return found


def _price(text: str) -> Decimal:
    """Read a price; what is no number counts as nought, which no check lets pass."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)
