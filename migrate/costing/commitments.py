"""What compute costs under a commitment, as a ratio of its price on demand.

Ratios hold for the Linux price: a licence is never cheaper for a commitment. They are without
payment in advance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from migrate.catalogue.datasets import datasets, read_json, read_rows
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.model.cost import Basis, Purchase
from migrate.model.verdict import Cloud

_FAMILY = re.compile(r"([a-z-]+?)(\d+)")
_RECENT = 6
"""Generation from which AWS's ratios of m6a are taken to hold."""
_OBSERVED = {
    Purchase.RESERVED_1Y: ("ri1y_std_no_upfront", "1Standard_noUpfront"),
    Purchase.RESERVED_3Y: ("ri3y_std_no_upfront", "3Standard_noUpfront"),
    Purchase.SAVINGS_1Y: ("compute_sp_1y_no_upfront",),
}
_AZURE = {
    Purchase.SAVINGS_1Y: "sp1y_ratio_weu_2026_08",
    Purchase.RESERVED_1Y: "ri1y_ratio_uksouth_2020",
    Purchase.RESERVED_3Y: "ri3y_ratio_uksouth_2020",
}


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """The committed price of compute over that on demand."""

    value: Decimal
    basis: Basis
    why: str


@cache
def commitment(
    cloud: Cloud, region: str, size: str, purchase: Purchase, catalogue: Catalogue = SHIPPED
) -> Ratio | None:
    """Return the ratio for a size in a region; None when nothing tells of it."""
    if purchase is Purchase.ON_DEMAND:
        return Ratio(value=Decimal(1), basis=Basis.OBSERVED, why="on demand")
    if cloud is Cloud.AZURE:
        return _azure(region, size, purchase, catalogue)
    if purchase is Purchase.SAVINGS_3Y:
        return _as_reserved(_aws(region, size, Purchase.RESERVED_3Y, catalogue))
    return _aws(region, size, purchase, catalogue)


def _as_reserved(ratio: Ratio | None) -> Ratio | None:
    """Take an EC2 instance savings plan to cost what a reservation of its term does."""
    if ratio is None:
        return None
    why = f"taken to be that of a reserved instance: {ratio.why}"
    return Ratio(value=ratio.value, basis=Basis.ESTIMATE, why=why)


def _aws(region: str, size: str, purchase: Purchase, catalogue: Catalogue) -> Ratio | None:
    ratios = _ratios(catalogue)["aws"]
    rows = ratios["observed_3y"]
    for row in rows:
        value = _row_ratio(row, purchase)
        if value is not None and (row["type"], row["region"]) == (size, region):
            return Ratio(value=value, basis=Basis.OBSERVED, why=f"of {row['date']}")
    family = _FAMILY.match(size)
    alike = "x2" if family and size.startswith("x2") else "m6a"
    if family and int(family[2]) < _RECENT and purchase is Purchase.RESERVED_3Y and alike != "x2":
        value = Decimal(str(ratios["ratios_3y_standard_no_upfront"]["5th-gen & earlier"]["ratio"]))
        return Ratio(value=value, basis=Basis.ESTIMATE, why="general knowledge, no source found")
    for row in rows:
        value = _row_ratio(row, purchase)
        if value is not None and row["type"].startswith(alike):
            why = f"that of {row['type']} in {row['region']} of {row['date']}"
            return Ratio(value=value, basis=Basis.ESTIMATE, why=why)
    return None


def _row_ratio(row: Mapping[str, Any], purchase: Purchase) -> Decimal | None:
    for name in _OBSERVED.get(purchase, ()):
        if name in row:
            return Decimal(str(row[name])) / Decimal(str(row["on_demand"]))
    return None


def _azure(region: str, size: str, purchase: Purchase, catalogue: Catalogue) -> Ratio | None:
    column = _AZURE.get(purchase)
    if column is None:
        return None
    of_size = _by_size(catalogue).get(size) if purchase is Purchase.SAVINGS_1Y else None
    if of_size is not None:
        basis = Basis.OBSERVED if region == "westeurope" else Basis.ESTIMATE
        as_of = datasets(catalogue)["azure-commitments"].date
        return Ratio(value=of_size, basis=basis, why=f"that of West Europe of {as_of}")
    letter = size.removeprefix("Standard_")[:1]
    value = _ratios(catalogue)["azure"]["family_medians"].get(letter, {}).get(column)
    if value is None:
        return None
    when = "UK South, 2020" if "2020" in column else "West Europe, 2026-08"
    why = f"median of the {letter} family in {when}"
    return Ratio(value=Decimal(str(value)), basis=Basis.ESTIMATE, why=why)


@cache
def _ratios(catalogue: Catalogue) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_json(datasets(catalogue)["commitments"].file, catalogue)
    return content


@cache
def _by_size(catalogue: Catalogue) -> Mapping[str, Decimal]:
    rows = read_rows(datasets(catalogue)["azure-commitments"].file, catalogue)
    return {
        row["name"]: Decimal(row["sp1y_ratio_weu_2026_08"])
        for row in rows
        if row["sp1y_ratio_weu_2026_08"]
    }
