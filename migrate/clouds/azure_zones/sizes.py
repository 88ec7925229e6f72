"""Which sizes Azure offers the subscription in a region, and in which availability zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from migrate.clouds.azure_zones._skus import SKUS, listed_sizes
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_sizes import Offered, Sizes
from migrate.model.reader import Reader


def _read(asked: AzureZoneAsked) -> Mapping[str, Sizes]:
    listed = listed_sizes(asked)
    return {asked.id: sizes(listed, asked.sizes, asked.zone.region)}


def sizes(listed: Mapping[str, Mapping[str, Any]], wanted: Iterable[str], region: str) -> Sizes:
    """Make sizes of Azure's list of SKUs, by name in lower case. Pure."""
    found = {each: listed[each.lower()] for each in wanted if each.lower() in listed}
    return Sizes(offered={each: offered(said, region) for each, said in found.items()})


def offered(said: Mapping[str, Any], region: str) -> Offered:
    """Say how a SKU is offered in a region, less what the subscription may not use. Pure."""
    here = [
        each
        for each in said.get("locationInfo") or ()
        if each["location"].lower() == region.lower()
    ]
    zones = {zone for each in here for zone in each.get("zones") or ()}
    refused = ""
    for each in said.get("restrictions") or ():
        info = each.get("restrictionInfo") or {}
        if region.lower() not in {one.lower() for one in info.get("locations") or (region,)}:
            continue
        if each.get("type") == "Zone":
            zones -= set(info.get("zones") or ())
        else:
            refused = each.get("reasonCode") or "restricted"
    return Offered(region=bool(here), zones=tuple(sorted(zones)), refused=refused)


READER = Reader(tells=Sizes, calls=(SKUS,), read=_read)
