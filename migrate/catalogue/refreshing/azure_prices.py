"""``azure_vm_prices.csv`` out of the Azure retail price service: each size, Linux and Windows."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present, as_csv, parts_of, plain
from migrate.catalogue.refreshing.retail import Item, chosen, items, price, year_ratio

_OTHER_OFFERS = ("spot", "low priority", "expired")
_OTHER_PRODUCTS = ("cloudservices", "cloud services", "dedicated host")


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked for a region."""
    return (
        Question(
            source=Source.AZURE_PRICES,
            about="prices",
            region=region,
            terms=(("serviceName", "Virtual Machines"),),
        ),
    )


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew: fetched regions as they are now, others as they were."""
    before = present.rows()
    regions = {each.region for each in fetched}
    kept = [row for row in before if row["region"] not in regions]
    new = [row for each in fetched for row in _rows(each)]
    return Made(
        text=as_csv((*kept, *new), list(before[0])),
        parts=parts_of(present, {row["region"] for row in kept}, fetched),
    )


def _rows(fetched: Fetched) -> list[dict[str, str]]:
    counted = [each for each in items(fetched) if _counts(each)]
    linux = chosen((each for each in counted if not _is_windows(each)), _size)
    windows = chosen((each for each in counted if _is_windows(each)), _size)
    return [
        _row(name, fetched, linux.get(name), windows.get(name))
        for name in sorted(linux.keys() | windows.keys())
    ]


def _size(item: Item) -> str:
    return str(item["armSkuName"])


def _is_windows(item: Item) -> bool:
    return "windows" in item["productName"].lower()


def _counts(item: Item) -> bool:
    offer = f"{item['skuName']} {item['meterName']}".lower()
    product = item["productName"].lower()
    return (
        (item.get("armSkuName") or "").startswith("Standard_")
        and item["unitOfMeasure"] == "1 Hour"
        and not any(word in offer for word in _OTHER_OFFERS)
        and not any(word in product for word in _OTHER_PRODUCTS)
    )


def _row(name: str, fetched: Fetched, linux: Item | None, windows: Item | None) -> dict[str, str]:
    note = f"observed-{fetched.asked}"
    ratio = year_ratio(linux.get("savingsPlan", ()), price(linux)) if linux else None
    return {
        "name": name,
        "region": fetched.region,
        "linux": plain(price(linux)) if linux else "",
        "linux_basis": note if linux else "missing",
        "windows": plain(price(windows)) if windows else "",
        "windows_basis": note if windows else "missing",
        "sp1y_ratio": plain(ratio) if ratio is not None else "",
    }
