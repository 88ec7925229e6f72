"""One region of one cloud as a market: its sizes, its volumes, and the date of its prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType

from inventory.errors import BadInputError
from migrate.catalogue import aws, azure
from migrate.catalogue.datasets import datasets
from migrate.catalogue.offer import Offer, Volume
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.model.verdict import Cloud

DEFAULT_REGIONS: Mapping[Cloud, str] = {Cloud.AWS: "eu-west-2", Cloud.AZURE: "uksouth"}
_MODULES: Mapping[Cloud, ModuleType] = {Cloud.AWS: aws, Cloud.AZURE: azure}
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
    volume: Callable[[int], Volume | None]
    """GiB → the default kind of volume that holds them; None when one volume cannot."""
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
        volume=lambda gib: _volume(cloud, region, gib, catalogue),
        date=min(datasets(catalogue)[name].date for name in _SETS[cloud]),
    )


@cache
def _volume(cloud: Cloud, region: str, gib: int, catalogue: Catalogue) -> Volume | None:
    found: Volume | None = _MODULES[cloud].volume(region, gib, catalogue)
    return found
