"""Promises of what sizing says: why a cheaper size failed, which limits are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from inventory.model.fact import Facts, Observation
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.parts import BootType
from inventory.model.utilisation import HISTORY, Spread, Utilisation
from migrate.catalogue.market import Market
from migrate.catalogue.offer import GIBIBYTE, Offer, Price, Trait, Volume, Wanted
from migrate.judging.examples import disk
from migrate.model.verdict import Cloud, Size
from migrate.sizing.money import Rate
from migrate.sizing.options import Options
from migrate.sizing.sizer import Sizer

RATE = Rate(usd_to_gbp=Decimal("0.78"), as_of=date(2026, 11, 1))
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
X86 = frozenset({"x86_64"})
ARM = frozenset({"aarch64"})
BY_USE = Options(by_use=True)


def offer(name: str, usd: str, *, vcpus: int = 4, gib: int = 16) -> Offer:
    """Make a size that does everything, with its limits known."""
    return Offer(
        name=name,
        vcpus=vcpus,
        memory_bytes=gib * GIBIBYTE,
        architectures=X86,
        boots=frozenset(BootType),
        max_volumes=8,
        max_interfaces=2,
        shares_slots=False,
        traits=frozenset(),
        linux=Price(usd=Decimal(usd), basis="observed"),
        windows=None,
        max_operations=10_000,
        max_disk_mb=500,
        max_network_mbit=10_000,
        zones=3,
        fast_volumes=True,
    )


def sizer(*offers: Offer, options: Options | None = None, fast: bool = False) -> Sizer:
    """Make a market of these sizes, whose volumes are of the fast kind or not."""

    def volume(wanted: Wanted) -> Volume:
        usd = Decimal("0.1") * wanted.gib
        return Volume(name="volume", month=Price(usd=usd, basis="observed"), fast=fast)

    here = Market(
        cloud=Cloud.AZURE, region="here", offers=offers, volume=volume, date=date(2026, 10, 15)
    )
    return Sizer(market=here, rate=RATE, options=options or Options())


def server(*more: Observation, threads: int = 4, gib: int = 16) -> Facts:
    """Make a Linux server's facts; what is given last counts."""
    return Facts.from_observations(
        [
            CPU_THREADS.known(threads),
            MEMORY_TOTAL.known(gib * GIBIBYTE),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            BOOT_TYPE.known(BootType.UEFI),
            DISKS.known((disk("sda", 10),)),
            *more,
        ]
    )


def busy(operations: float) -> Observation:
    """State how many disk operations a second there were all month."""
    flat = Spread(
        mean=operations,
        p50=operations,
        p90=operations,
        p95=operations,
        p99=operations,
        maximum=operations,
    )
    watched = Utilisation(
        source="sar",
        since=UNTIL - timedelta(days=31),
        until=UNTIL,
        samples=9,
        disk_operations_per_second=flat,
    )
    return HISTORY.known((watched,))


RIGHT = offer("right", "1")
CHEAP = offer("cheap", "0.5")


@pytest.mark.parametrize(
    ("cheap", "facts", "options", "why"),
    [
        (replace(CHEAP, vcpus=2), server(), Options(), "has 2 of 4 vCPUs"),
        (
            replace(CHEAP, memory_bytes=8 * GIBIBYTE),
            server(),
            Options(),
            "has 8 of 16 GiB memory",
        ),
        (replace(CHEAP, architectures=ARM), server(), Options(), "does not run x86_64"),
        (
            replace(CHEAP, architectures=frozenset({"i686"})),
            server(),
            Options(arm=True),
            "does not run x86_64",
        ),
        (replace(CHEAP, boots=frozenset({BootType.BIOS})), server(), Options(), "does not boot by"),
        (replace(CHEAP, zones=2), server(), Options(zones=3), "is in 2 of 3 zones"),
        (
            replace(CHEAP, zones=None),
            server(),
            Options(zones=3),
            "the catalogue does not know its limit of zones",
        ),
        (CHEAP, server(), Options(never=("ch*",)), "left out by never = 'ch*'"),
        (
            replace(CHEAP, traits=frozenset({Trait.BURSTABLE}), vcpus=2),
            server(),
            Options(),
            f"not considered: {Trait.BURSTABLE.value}",
        ),
        (CHEAP, server(), Options(prefer=("right",)), "is not one of the preferred sizes"),
        (replace(CHEAP, max_operations=100), server(busy(101)), BY_USE, "does 100 of 101 IOPS"),
        (
            replace(CHEAP, max_operations=None),
            server(busy(101)),
            BY_USE,
            "the catalogue does not know its limit of IOPS",
        ),
    ],
)
def test_each_cheaper_size_has_the_reason_why_it_was_not_chosen(
    cheap: Offer, facts: Facts, options: Options, why: str
) -> None:
    """What it lacks is told with both numbers; what is not known of it, and wishes, too."""
    told = sizer(cheap, RIGHT, options=options).explain(facts)
    assert not isinstance(told, str)
    assert told.choice is not None
    assert told.choice.chosen.offer.name == "right"
    ((rejected, said),) = told.rejected
    assert rejected.offer.name == "cheap"
    assert said.startswith(why)


def test_a_disk_of_the_fast_kind_needs_a_size_that_takes_it() -> None:
    """A cheaper size that takes none of the fast kind is passed over, and that is said."""
    slow = replace(CHEAP, fast_volumes=False)
    told = sizer(slow, RIGHT, options=BY_USE, fast=True).explain(server(busy(100)))
    assert not isinstance(told, str)
    assert told.choice is not None
    assert told.choice.chosen.offer.name == "right"
    assert told.rejected[0][1] == "takes no volumes of the fast kind that its disks need"


def test_a_disk_of_no_fast_kind_takes_any_size() -> None:
    """And as it is, no size is passed over for the kind of its volumes."""
    slow = replace(CHEAP, fast_volumes=False)
    for made, facts in (
        (sizer(slow, RIGHT, options=BY_USE), server(busy(100))),
        (sizer(slow, RIGHT, fast=True), server(busy(100))),
    ):
        told = made.explain(facts)
        assert not isinstance(told, str)
        assert told.choice is not None
        assert told.choice.chosen.offer.name == "cheap"


def test_the_doubts_are_those_of_the_chosen_size() -> None:
    """Where nothing is sure, what is not known of the chosen is told, not of the next one."""
    options = replace(BY_USE, zones=2)
    made = sizer(replace(CHEAP, zones=None), replace(RIGHT, max_operations=None), options=options)
    told = made.explain(server(busy(100)))
    assert not isinstance(told, str)
    assert told.choice is not None
    assert told.choice.runner_up is not None
    assert told.choice.runner_up.offer.name == "right"
    assert told.choice.doubts == "the catalogue does not know its limit of zones"


def test_a_server_without_disks_is_told_apart_from_one_of_unknown_disks() -> None:
    """That no disk was seen is named beside the sum: there may be one all the same."""
    size = sizer(RIGHT).size(server(DISKS.known(())))
    assert isinstance(size, Size)
    assert size.incomplete == ("disks: none were seen",)
