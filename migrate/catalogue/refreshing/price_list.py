"""Reading the AWS price list: of a product, its attributes and its price on demand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_DOLLARS = "USD"


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product of the price list that can be had on demand."""

    family: str
    """``Compute Instance``, ``Storage`` …"""
    attributes: Mapping[str, str]
    unit: str
    """``Hrs``, ``GB-Mo`` …"""
    usd: Decimal
    """For one unit, of the first tier."""

    @property
    def usage(self) -> str:
        """Return the type of usage without its region: ``EBS:VolumeUsage.gp3``."""
        said = self.attributes.get("usagetype", "")
        prefix, dash, rest = said.partition("-")
        return rest if dash and prefix.isalnum() and prefix.isupper() else said


def products(pages: Sequence[Any]) -> Iterator[Product]:
    """Tell the products of pages of GetProducts that have a price on demand above nothing.

    The price list holds placeholders at a price of nothing for what is not sold that way.
    """
    for page in pages:
        for entry in page["PriceList"]:
            for unit, usd in _prices(entry):
                if usd > 0:
                    yield Product(
                        family=entry["product"].get("productFamily", ""),
                        attributes=entry["product"]["attributes"],
                        unit=unit,
                        usd=usd,
                    )


def _prices(entry: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for term in entry["terms"].get("OnDemand", {}).values():
        for each in term["priceDimensions"].values():
            if each.get("beginRange", "0") == "0" and _DOLLARS in each["pricePerUnit"]:
                yield each["unit"], Decimal(each["pricePerUnit"][_DOLLARS])
