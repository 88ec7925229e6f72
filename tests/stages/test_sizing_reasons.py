"""Promises of what sizing says: why a cheaper size failed, which limits are not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from inventory.model.fact import Facts, Observation, Reason
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
from migrate.judging.examples import disk, interfaces
from migrate.model.verdict import Cloud, CostLine, Size
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


def test_adapters_take_slots_of_disks_only_where_the_size_says_so() -> None:
    """Of a size that has slots of its own for adapters, disks take all the others."""
    own = replace(CHEAP, max_volumes=2)
    two = DISKS.known((disk("sda", 10), disk("sdb", 10)))
    for shares, chosen in ((False, "cheap"), (True, "right")):
        made = sizer(replace(own, shares_slots=shares), RIGHT)
        size = made.size(server(two, interfaces(2)))
        assert isinstance(size, Size)
        assert size.name == chosen


def priced_by_speed(wanted: Wanted) -> Volume | None:
    """Sell volumes of up to 100 GiB and 1,000 operations or 100 MB/s; the fast are dearer."""
    operations, mb = wanted.operations or 0, wanted.mb or 0
    if wanted.gib > 100 or operations > 1_000 or mb > 100:
        return None
    usd = Decimal(wanted.gib + operations + mb)
    return Volume(name="volume", month=Price(usd=usd, basis="observed"))


def selling(sell: Callable[[Wanted], Volume | None], options: Options = BY_USE) -> Sizer:
    """Make a market with one size that sells volumes so."""
    made = sizer(replace(RIGHT, max_operations=100_000, max_disk_mb=10_000), options=options)
    return replace(made, market=replace(made.market, volume=sell))


def written(megabytes: float) -> Observation:
    """State how many MB a second were written all month, and how many operations nobody told."""
    (watched,) = busy(0).fact.value  # type: ignore[union-attr]
    flat = replace(watched.disk_operations_per_second, **dict.fromkeys(SPREAD, megabytes * 1e6))
    still = replace(flat, **dict.fromkeys(SPREAD, 0.0))
    return HISTORY.known(
        (
            replace(
                watched,
                disk_operations_per_second=None,
                disk_read_bytes_per_second=still,
                disk_write_bytes_per_second=flat,
            ),
        )
    )


SPREAD = ("mean", "p50", "p90", "p95", "p99", "maximum")


def test_what_one_server_costs_is_not_told_of_another() -> None:
    """Disks of one name and size cost what was measured of each, in whatever order they come."""
    servers = [server(), server(busy(500)), server(written(50)), server(busy(900)), server()]
    for order in (servers, servers[::-1]):
        kept = selling(priced_by_speed)
        for each in order:
            assert kept.size(each) == selling(priced_by_speed).size(each)
    sums = [selling(priced_by_speed).size(each) for each in servers]
    costs = [each.lines[1].monthly_cost_pence for each in sums if isinstance(each, Size)]
    assert costs == [780, 39_780, 4_680, 70_980, 780]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (server(DISKS.known((disk("sda", 101),))), "too large"),
        (server(DISKS.known((disk("sda", 101),)), busy(10)), "too large"),
        (server(busy(1_001)), "too fast"),
        (server(written(101)), "too fast"),
    ],
)
def test_a_disk_that_no_volume_holds_is_too_large_or_too_fast(facts: Facts, why: str) -> None:
    """Were it slower, one might hold it: then it is too fast."""
    size = selling(priced_by_speed).size(facts)
    assert isinstance(size, Size)
    assert size.lines[1].what.endswith(f"GiB, {why} for one volume")
    assert size.lines[1].basis == "unknown"


def test_a_volume_without_a_price_is_named_and_costs_nothing_known() -> None:
    """Its line has no sum, and what has no sum is told beside the sum."""
    size = selling(lambda _wanted: Volume(name="new", month=None)).size(server())
    assert isinstance(size, Size)
    assert size.lines[1] == CostLine(
        what="disk sda 10 GiB new", monthly_cost_pence=None, basis="unknown"
    )
    assert size.incomplete == ("disk sda 10 GiB new: no price",)


def test_a_volume_has_the_basis_of_its_own_price() -> None:
    """Not that of the size."""
    size = selling(priced_by_speed).size(server())
    assert isinstance(size, Size)
    assert [each.basis for each in size.lines] == ["observed", "observed"]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2026, 11, 1), "1 USD = 0.78 GBP (2026-11-01)"),
        (None, "1 USD = 0.78 GBP (rate without date)"),
    ],
)
def test_a_rate_says_its_date(as_of: date | None, said: str) -> None:
    """Or that it has none."""
    assert str(Rate(usd_to_gbp=Decimal("0.78"), as_of=as_of)) == said


def test_the_neighbour_that_failed_is_of_an_architecture_that_the_server_runs_on() -> None:
    """A cheaper size for Arm is no neighbour of a server of x86-64, unless it may be rebuilt."""
    arm, small = replace(CHEAP, architectures=ARM, vcpus=2), offer("small", "0.4", vcpus=2)
    for options, failed in ((Options(), "small"), (Options(arm=True), "cheap")):
        told = sizer(arm, small, RIGHT, options=options).explain(server())
        assert not isinstance(told, str)
        assert told.choice is not None
        assert told.choice.failed is not None
        assert told.choice.failed.offer.name == failed


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (server(), "4 vCPUs, 16 GiB, 1 disk, 1 network adapter"),
        (server(busy(1_500)), "4 vCPUs, 16 GiB, 1 disk, 1 network adapter, 1,500 IOPS"),
        (
            server(DISKS.unknown(Reason.NOT_TOLD), threads=1),
            "1 vCPU, 16 GiB, unknown disks, 1 network adapter",
        ),
        (
            server(DISKS.known((disk("sda", 1), disk("sdb", 1))), interfaces(2)),
            "4 vCPUs, 16 GiB, 2 disks, 2 network adapters",
        ),
    ],
)
def test_what_a_server_needs_is_said(facts: Facts, said: str) -> None:
    """Each figure with its unit; what was not measured is left out."""
    size = sizer(RIGHT, options=BY_USE).size(facts)
    assert isinstance(size, Size)
    assert size.why == f"the cheapest for {said}"


@pytest.mark.parametrize(
    ("prefer", "preferred"),
    [(("m7*", "che*"), True), (("m7*", "r7*"), False), ((), False)],
)
def test_one_of_several_patterns_makes_a_size_preferred(
    prefer: tuple[str, ...],
    preferred: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    """It need not fit all of them."""
    assert Options(prefer=prefer).prefers(CHEAP) is preferred
