"""Reading Azure's retail prices: which of a thing's many meters is the plain one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from migrate.catalogue.refreshing.made import Fetched

Item = Mapping[str, Any]


def items(fetched: Fetched) -> Iterator[Item]:
    """Tell the region's prices in dollars for use as it comes, above nothing.

    Neither reservations nor prices for development and test; the service holds placeholders at a
    price of nothing.
    """
    for page in fetched.pages:
        for item in page["Items"]:
            if (
                item["type"] == "Consumption"
                and item["currencyCode"] == "USD"
                and item["armRegionName"] == fetched.region
                and price(item) > 0
            ):
                yield item


def price(item: Mapping[str, Any]) -> Decimal:
    """Return the price of an item, or of one of its savings plans."""
    return Decimal(str(item["retailPrice"]))


def chosen(found: Iterable[Item], key: Callable[[Item], str]) -> dict[str, Item]:
    """Return one item for each key: of several, the one in effect since the latest date.

    A meter of the region itself goes before one that is charged from elsewhere; where two equal
    ones give two prices, the dearer one counts, so that nothing is promised too cheaply.
    """
    best: dict[str, Item] = {}
    for item in found:
        name = key(item)
        if name not in best or _rank(item) > _rank(best[name]):
            best[name] = item
    return best


def _rank(item: Item) -> tuple[bool, str, Decimal]:
    return item.get("isPrimaryMeterRegion", True), item.get("effectiveStartDate", ""), price(item)


def year_ratio(plans: Sequence[Mapping[str, Any]], usual: Decimal) -> Decimal | None:
    """Return what a savings plan of one year costs, as a share of the usual price."""
    given = [price(each) for each in plans if each["term"] == "1 Year"]
    return (given[0] / usual).quantize(Decimal("0.0001")) if given else None
