"""``aws_storage_services.json`` out of the AWS price list: what EBS costs; the rest stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present, parts_of
from migrate.catalogue.refreshing.price_list import Product, products
from migrate.catalogue.refreshing.texts import as_json

OTHERS = "limits, and services other than EBS"
"""The part of the file that no refresh renews."""
_FAMILIES = ("Storage", "System Operation", "Provisioned Throughput", "Storage Snapshot")
_GIBIBYTES_TO_MEBIBYTES = 1024
_OPERATIONS = "EBS:VolumeP-IOPS."
_TIER = ".tier"


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked for a region: one question for each family of EBS's products."""
    return tuple(
        Question(
            source=Source.AWS_PRICES,
            about="products",
            region=region,
            terms=(("productFamily", family),),
        )
        for family in _FAMILIES
    )


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew: EBS in the fetched regions; everything else as it was."""
    content: dict[str, Any] = dict(present.json())
    regions = {
        name for name, of in content.items() if isinstance(of, dict) and "ebs_gb_month" in of
    }
    for each in fetched:
        content[each.region] = {**content.get(each.region, {}), **_region(each)}
    kept = (regions - {each.region for each in fetched}) | {OTHERS}
    return Made(text=as_json(content), parts=parts_of(present, kept, fetched))


def _region(fetched: Fetched) -> Mapping[str, Any]:
    found = [
        each
        for each in products(fetched.pages)
        if each.attributes.get("regionCode") == fetched.region
    ]
    capacity = {
        each.attributes["volumeApiName"]: _number(each.usd)
        for each in found
        if each.family == "Storage" and each.unit == "GB-Mo" and _is_volume(each)
    }
    operations = {
        each.attributes["volumeApiName"]: _number(each.usd)
        for each in found
        if each.unit == "IOPS-Mo"
        and _OPERATIONS in each.usage
        and _TIER not in each.usage
        and "volumeApiName" in each.attributes
    }
    renewed: dict[str, Any] = {"ebs_gb_month": capacity, "ebs_iops_month": operations}
    for each in found:
        if each.usage == "EBS:VolumeP-Throughput.gp3" and each.unit.lower() == "gibps-mo":
            renewed["gp3_throughput_mb_s_month"] = _number(each.usd / _GIBIBYTES_TO_MEBIBYTES)
        if each.usage == "EBS:SnapshotUsage" and each.unit == "GB-Mo":
            renewed["snapshot_gb_month"] = _number(each.usd)
    return renewed


def _is_volume(product: Product) -> bool:
    return "volumeApiName" in product.attributes and product.usage.startswith("EBS:VolumeUsage")


def _number(usd: Decimal) -> float:
    """Return a price as the file holds it: its shortest decimal, which reads back the same."""
    return float(usd)
