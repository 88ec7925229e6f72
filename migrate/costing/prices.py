"""Unit prices that costs in a cloud are made of, each with its basis and its date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from migrate.catalogue.datasets import datasets, read_json, read_rows
from migrate.catalogue.market import market
from migrate.catalogue.offer import Offer, Price
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.model.verdict import Cloud

_EGRESS = "Outbound data transfer to Internet (first 10TB)"
_STAND_IN = "westeurope"
"""Whose storage prices stand in for those of Azure regions that the catalogue has none of."""
_SQL = {"Standard": "sql_std_per_vcpu", "Enterprise": "sql_ent_per_vcpu"}
_LEAST_SQL_VCPUS = 4


@dataclass(frozen=True, kw_only=True)
class Prices:
    """The unit prices of one region of one cloud."""

    cloud: Cloud
    region: str
    catalogue: Catalogue = SHIPPED

    def size(self, name: str) -> Offer | None:
        """Return a size by its name; None when the region has none such."""
        return _offers(self.cloud, self.region, self.catalogue).get(name)

    def sizes(self) -> tuple[Offer, ...]:
        """Return every size of the region."""
        return tuple(_offers(self.cloud, self.region, self.catalogue).values())

    def subscription(self, name: str, system: str) -> Price | None:
        """Return what ``rhel`` or ``sles`` adds to the Linux price of a size, an hour."""
        if self.cloud is not Cloud.AWS:
            return None
        row = _aws_rows(self.region, self.catalogue).get(name)
        if row is None or not row[system] or not row["linux"]:
            return None
        usd = Decimal(row[system]) - Decimal(row["linux"])
        return Price(usd=usd, basis="derived (by a rule per vCPU of 2025-03-02)")

    def sql(self, vcpus: int) -> Mapping[str, Decimal]:
        """Return what SQL Server's licence adds an hour, by edition; empty when not known."""
        if self.cloud is not Cloud.AWS:
            return {}
        uplifts = _uplifts(self.catalogue)
        counted = max(vcpus, _LEAST_SQL_VCPUS)
        return {edition: Decimal(str(uplifts[key])) * counted for edition, key in _SQL.items()}

    def snapshot(self) -> Price | None:
        """Return what a GiB of snapshots costs a month."""
        return _snapshot(self.cloud, self.region, self.catalogue)

    def egress(self) -> Price | None:
        """Return what a GB sent out of the cloud costs, in the first tier."""
        return _egress(self.region, self.catalogue) if self.cloud is Cloud.AWS else None


@cache
def _offers(cloud: Cloud, region: str, catalogue: Catalogue) -> Mapping[str, Offer]:
    return {offer.name: offer for offer in market(cloud, region, catalogue).offers}


@cache
def _aws_rows(region: str, catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    rows = read_rows(datasets(catalogue)["aws-instance-prices"].file, catalogue)
    return {row["instance_type"]: row for row in rows if row["region"] == region}


@cache
def _snapshot(cloud: Cloud, region: str, catalogue: Catalogue) -> Price | None:
    if cloud is Cloud.AWS:
        dataset = datasets(catalogue)["aws-volumes"]
        services = read_json(dataset.file, catalogue)
        usd = services.get(region, {}).get("snapshot_gb_month")
        return usd if usd is None else _price(usd, f"observed {dataset.date}")
    dataset = datasets(catalogue)["azure-storage"]
    regions = read_json(dataset.file, catalogue)["regions"]
    own = regions.get(region)
    prices: Mapping[str, Any] = own or regions[_STAND_IN]
    basis = f"observed {dataset.date}" if own else f"estimate {dataset.date} (that of West Europe)"
    return _price(prices["snapshots_gb_month"]["standard_hdd_lrs"], basis)


@cache
def _egress(region: str, catalogue: Catalogue) -> Price | None:
    dataset = datasets(catalogue)["aws-volumes"]
    usd = read_json(dataset.file, catalogue).get(region, {}).get("egress", {}).get(_EGRESS)
    return usd if usd is None else _price(usd, f"estimate {dataset.date}")


@cache
def _uplifts(catalogue: Catalogue) -> Mapping[str, Any]:
    content = read_json(datasets(catalogue)["commitments"].file, catalogue)
    uplifts: Mapping[str, Any] = content["aws"]["licence_uplifts_usd_per_hour"]
    return uplifts


def _price(usd: float, basis: str) -> Price:
    return Price(usd=Decimal(str(usd)), basis=basis)
