"""``aws_ec2_prices.csv`` out of the AWS price list: each type with each system, on demand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present, as_csv, parts_of, plain
from migrate.catalogue.refreshing.price_list import Product, products

_SYSTEMS = {"Linux": "linux", "Windows": "windows", "RHEL": "rhel", "SUSE": "sles"}
_TERMS = (
    ("tenancy", "Shared"),
    ("preInstalledSw", "NA"),
    ("capacitystatus", "Used"),
    ("licenseModel", "No License required"),
)
_AMBIGUOUS = "ambiguous"


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked for a region: one question for each system."""
    return tuple(
        Question(
            source=Source.AWS_PRICES,
            about="products",
            region=region,
            terms=(("operatingSystem", system), *_TERMS),
        )
        for system in _SYSTEMS
    )


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew: fetched regions by their price list, others as they were."""
    before = present.rows()
    regions = {each.region for each in fetched}
    kept = [row for row in before if row["region"] not in regions]
    new = [row for each in fetched for row in _rows(each)]
    return Made(
        text=as_csv((*kept, *new), list(before[0])),
        parts=parts_of(present, {row["region"] for row in kept}, fetched),
    )


def _rows(fetched: Fetched) -> list[dict[str, str]]:
    found: dict[str, dict[str, set[Decimal]]] = {}
    for each in products(fetched.pages):
        if _counts(each, fetched.region):
            of_type = found.setdefault(each.attributes["instanceType"], {})
            system = _SYSTEMS[each.attributes["operatingSystem"]]
            of_type.setdefault(system, set()).add(each.usd)
    note = f"observed-{fetched.asked}"
    return [
        {"instance_type": name, "region": fetched.region, **_columns(prices, note)}
        for name, prices in found.items()
    ]


def _counts(product: Product, region: str) -> bool:
    said = product.attributes
    return (
        said.get("regionCode") == region
        and "instanceType" in said
        and said.get("operatingSystem") in _SYSTEMS
        and product.unit == "Hrs"
        and all(said.get(name) == value for name, value in _TERMS)
    )


def _columns(prices: dict[str, set[Decimal]], note: str) -> dict[str, str]:
    """Return the columns; where the list gives two prices for one thing, the price is unknown."""
    columns: dict[str, str] = {}
    for name in _SYSTEMS.values():
        given = prices.get(name, set())
        columns[name] = plain(next(iter(given))) if len(given) == 1 else ""
        columns[f"{name}_basis"] = note if len(given) == 1 else _AMBIGUOUS if given else "missing"
    return columns
