"""One region of one cloud as a market: its sizes, its volumes, and the date of its prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType

from inventory.errors import BadInputError
from migrate.catalogue import aws, aws_volumes, azure, azure_disks
from migrate.catalogue.datasets import datasets
from migrate.catalogue.offer import Offer, Volume, Wanted
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.model.verdict import Cloud

DEFAULT_REGIONS: Mapping[Cloud, str] = {Cloud.AWS: "eu-west-2", Cloud.AZURE: "uksouth"}
_MODULES: Mapping[Cloud, ModuleType] = {Cloud.AWS: aws, Cloud.AZURE: azure}
_VOLUMES: Mapping[Cloud, ModuleType] = {Cloud.AWS: aws_volumes, Cloud.AZURE: azure_disks}
_SETS: Mapping[Cloud, tuple[str, ...]] = {
    Cloud.AWS: ("aws-instance-types", "aws-instance-prices", "aws-volumes"),
    Cloud.AZURE: ("azure-sizes", "azure-size-prices", "azure-disks"),
}


@dataclass(frozen=True, kw_only=True)
class Market:
    """What can be had in one region."""

    cloud: Cloud
    region: str
    offers: tuple[Offer, ...]
    volume: Callable[[Wanted], Volume | None]
    """The cheapest volume that can do what is wanted; None when no single one can."""
    date: date
    """As of when sizes and prices are known: the oldest of the data sets used."""


@cache
def market(cloud: Cloud, region: str, catalogue: Catalogue = SHIPPED) -> Market:
    """Return the market of a region.

    Raises:
        BadInputError: the catalogue has no prices for the region; the hint names those it has.

    """
    module = _MODULES[cloud]
    known = module.regions(catalogue)
    if region not in known:
        raise BadInputError(
            f"the catalogue has no prices for the {cloud.value} region {region!r}",
            hint=f"set region in the estate's [{cloud.value}] to one of {', '.join(known)}",
        )
    return Market(
        cloud=cloud,
        region=region,
        offers=module.offers(region, catalogue),
        volume=lambda wanted: _volume(cloud, region, wanted, catalogue),
        date=min(datasets(catalogue)[name].as_of(region) for name in _SETS[cloud]),
    )


def _volume(cloud: Cloud, region: str, wanted: Wanted, catalogue: Catalogue) -> Volume | None:
    found: Volume | None = _VOLUMES[cloud].volume(region, wanted, catalogue)
    return found
