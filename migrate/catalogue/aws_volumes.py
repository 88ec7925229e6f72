"""Which EBS volume a disk becomes: the cheapest kind that can do what is wanted, and its price.

gp3 includes 3,000 operations and 125 MB a second; more of both is paid for. io2 is for what gp3
cannot do. Spinning disks (sc1, st1) come in only where they are asked for, what they must do was
measured, and nothing boots from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from migrate.catalogue.datasets import datasets, read_json
from migrate.catalogue.offer import Price, Volume, Wanted
from migrate.catalogue.overlay import SHIPPED, Catalogue

OPERATIONS_PER_MB: Final = 4
"""Operations that must be had for each MB a second: gp3 gives 0.25 MB/s for each, io2 0.256 (AWS
EBS user guide; general knowledge, not read again)."""
IO2_LEAST_OPERATIONS: Final = 100
"""EC2 API reference, EbsBlockDevice, read 2026-11-23."""
GIB_A_TIB: Final = 1024


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A volume as it would be made."""

    kind: str
    gib: int
    operations: int = 0
    """Beyond those included."""
    mb: int = 0
    """As above."""
    said: str = ""


@lru_cache(maxsize=65_536)
def volume(region: str, wanted: Wanted, catalogue: Catalogue = SHIPPED) -> Volume | None:
    """Return the cheapest volume for a disk; None when no single volume can do it.

    Of volumes without a price in the region the first that can do it is returned, without one.
    """
    services = _services(catalogue)
    made = list(_made(wanted, services["volume_limits"]))
    as_of = datasets(catalogue)["aws-volumes"].as_of(region)
    rates = services.get(region, {})
    priced = [(usd, each) for each in made if (usd := _usd(each, rates)) is not None]
    if priced:
        usd, best = min(priced, key=lambda each: (each[0], made.index(each[1])))
        return _volume(best, Price(usd=usd, basis=f"observed {as_of}"))
    return _volume(made[0], None) if made else None


def _volume(made: _Made, price: Price | None) -> Volume:
    return Volume(name=f"{made.kind}{made.said}", month=price, fast=made.kind == "io2")


def _made(wanted: Wanted, limits: Mapping[str, Any]) -> Iterator[_Made]:
    operations, mb = wanted.operations or 0, wanted.mb or 0
    gp3, io2 = limits["gp3"], limits["io2"]
    needed = max(operations, OPERATIONS_PER_MB * mb)
    paid = max(0, needed - gp3["base_iops"]) and needed
    gib = max(wanted.gib, _ceiling(paid, gp3["iops_per_gib_max"]))
    if gib <= gp3["max_gib"] and needed <= gp3["max_iops"] and mb <= gp3["max_mb_s"]:
        yield _Made(
            kind="gp3",
            gib=gib,
            operations=max(0, needed - gp3["base_iops"]),
            mb=max(0, mb - gp3["base_mb_s"]),
            said=_said(wanted.gib, gib, paid, mb if mb > gp3["base_mb_s"] else 0),
        )
    measured = wanted.operations is not None and wanted.mb is not None
    bought = max(needed, IO2_LEAST_OPERATIONS)
    gib = max(wanted.gib, io2["min_gib"], _ceiling(bought, io2["iops_per_gib_max"]))
    fits = gib <= io2["max_gib"] and bought <= io2["max_iops"] and mb <= io2["max_mb_s"]
    if measured and fits:
        said = _said(wanted.gib, gib, bought, 0)
        yield _Made(kind="io2", gib=gib, operations=bought, said=said)
    if measured and wanted.hard_disks and not wanted.boots:
        yield from _spinning(wanted, limits)


def _spinning(wanted: Wanted, limits: Mapping[str, Any]) -> Iterator[_Made]:
    for kind in ("sc1", "st1"):
        most = limits[kind]
        gib = max(wanted.gib, most["min_gib"])
        lasting_mb = most["base_mb_s_per_tib"] * gib // GIB_A_TIB
        can = (wanted.operations or 0) <= most["max_iops"] and (wanted.mb or 0) <= lasting_mb
        if can and gib <= most["max_gib"]:
            yield _Made(kind=kind, gib=gib, said=_said(wanted.gib, gib, 0, 0))


def _said(asked: int, gib: int, operations: int, mb: int) -> str:
    parts = (
        f" of {gib} GiB" if gib > asked else "",
        f" with {operations} IOPS" if operations else "",
        f" {'and' if operations else 'with'} {mb} MB/s" if mb else "",
    )
    return "".join(parts)


def _usd(made: _Made, rates: Mapping[str, Any]) -> Decimal | None:
    """Return US dollars a month; None when a rate that it needs is not known in the region."""
    each_gib = rates.get("ebs_gb_month", {}).get(made.kind)
    operations = _for_operations(made, rates)
    each_mb = rates.get("gp3_throughput_mb_s_month")
    if each_gib is None or operations is None or (made.mb and each_mb is None):
        return None
    throughput = Decimal(str(each_mb)) * made.mb if made.mb else Decimal(0)
    return Decimal(str(each_gib)) * made.gib + operations + throughput


def _for_operations(made: _Made, rates: Mapping[str, Any]) -> Decimal | None:
    if not made.operations:
        return Decimal(0)
    tiers = rates.get("io2_iops_month_tiers")
    if made.kind == "io2" and tiers:
        return _in_tiers(made.operations, tiers)
    each = rates.get("ebs_iops_month", {}).get(made.kind)
    return None if each is None else Decimal(str(each)) * made.operations


def _in_tiers(operations: int, tiers: list[Mapping[str, Any]]) -> Decimal:
    total, below = Decimal(0), 0
    for tier in tiers:
        upto = min(operations, tier.get("up_to_iops", operations))
        total += Decimal(str(tier["price"])) * max(0, upto - below)
        below = max(below, upto)
    return total


def _ceiling(number: int, each: int) -> int:
    return -(-number // each)


@cache
def _services(catalogue: Catalogue) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_json(datasets(catalogue)["aws-volumes"].file, catalogue)
    return content
