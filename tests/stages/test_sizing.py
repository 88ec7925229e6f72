"""Promises of sizing: never a cheaper size that fits, never a number where nothing is known."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.errors import BadInputError
from inventory.model.fact import Facts, Observation, Reason
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_ID,
)
from inventory.model.parts import BootType
from migrate.catalogue.market import DEFAULT_REGIONS, Market, market
from migrate.catalogue.offer import GIBIBYTE, Offer, Price, Trait, Volume, Wanted
from migrate.judging.examples import disk, interfaces
from migrate.model.verdict import Cloud, Size
from migrate.sizing.money import Rate, pence
from migrate.sizing.sizer import Sizer

RATE = Rate(usd_to_gbp=Decimal("0.78"), as_of=date(2026, 11, 1))
ALL_BOOTS = frozenset(BootType)


def server(threads: int, gib: float, *more: Observation, family: str = "linux") -> Facts:
    """Make a server's facts; what is given last counts."""
    return Facts.from_observations(
        [
            CPU_THREADS.known(threads),
            MEMORY_TOTAL.known(int(gib * GIBIBYTE)),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known(family),
            BOOT_TYPE.known(BootType.BIOS),
            *more,
        ]
    )


def offer(name: str, vcpus: int, gib: int, usd: str | None, **more: object) -> Offer:
    """Make a size with a price an hour for Linux."""
    known: dict[str, object] = {
        "name": name,
        "vcpus": vcpus,
        "memory_bytes": gib * GIBIBYTE,
        "architectures": frozenset({"x86_64"}),
        "boots": ALL_BOOTS,
        "max_volumes": 4,
        "max_interfaces": 2,
        "shares_slots": False,
        "traits": frozenset(),
        "linux": Price(usd=Decimal(usd), basis="observed 2026-10-15") if usd else None,
        "windows": None,
    }
    return Offer(**{**known, **more})  # type: ignore[arg-type]


def sizer(*offers: Offer, cloud: Cloud = Cloud.AWS) -> Sizer:
    """Make a market of these sizes, in which a GiB of disk costs ten cents a month."""

    def volume(wanted: Wanted) -> Volume | None:
        if wanted.gib > 1024:
            return None
        usd = Decimal("0.1") * wanted.gib
        return Volume(name="gp3", month=Price(usd=usd, basis="observed 2026"))

    made = Market(cloud=cloud, region="here", offers=offers, volume=volume, date=date(2026, 10, 15))
    return Sizer(market=made, rate=RATE)


def sized(made: Sizer, facts: Facts) -> Size:
    """Return the size, which there must be."""
    size = made.size(facts)
    assert isinstance(size, Size), size
    return size


def test_the_cheapest_that_fits_is_chosen() -> None:
    """Of all that fit the cheapest is chosen, and its neighbours are named with the reason."""
    made = sizer(
        offer("small", 2, 4, "0.05"),
        offer("memory", 2, 16, "0.09"),
        offer("right", 4, 16, "0.20"),
        offer("larger", 8, 32, "0.40"),
    )
    size = sized(made, server(4, 15.6))
    assert (size.name, size.vcpus, size.memory_bytes) == ("right", 4, 16 * GIBIBYTE)
    assert size.why == (
        "the cheapest for 4 vCPUs, 16 GiB, unknown disks, 1 network adapter; "
        "memory is cheaper but has 2 of 4 vCPUs; larger is the next one that fits"
    )


def test_of_equal_prices_the_smaller_then_the_first_by_name() -> None:
    """Ties are settled the same way whatever the order of the catalogue."""
    offers = [offer("b", 2, 8, "0.1"), offer("a", 2, 8, "0.1"), offer("c", 2, 4, "0.1")]
    for order in (offers, offers[::-1]):
        assert sized(sizer(*order), server(2, 4)).name == "c"
        assert sized(sizer(*order), server(2, 8)).name == "a"


@pytest.mark.parametrize("told", [15.1, 15.6, 16])
def test_what_the_kernel_keeps_to_itself_changes_no_size(told: float) -> None:
    """A server of 16 GiB gets 16 GiB, whether its kernel or an export told of its memory."""
    made = sizer(offer("odd", 2, 15, "0.1"), offer("even", 2, 16, "0.2"))
    assert sized(made, server(2, told)).name == "even"


@pytest.mark.parametrize(
    ("limit", "facts", "why"),
    [
        (
            {"max_volumes": 2},
            DISKS.known((disk("a", 8), disk("b", 8), disk("c", 8))),
            "2 of 3 disks",
        ),
        ({"max_interfaces": 1}, interfaces(2), "1 of 2 network adapters"),
        ({"boots": frozenset({BootType.UEFI})}, interfaces(1), "does not boot by BIOS"),
    ],
)
def test_a_cheaper_size_fails_for_a_reason_that_is_told(
    limit: dict[str, object], facts: Observation, why: str
) -> None:
    """Disks, network adapters and boot modes count, and the size that lacks them is named."""
    made = sizer(offer("cheap", 2, 4, "0.01", **limit), offer("right", 2, 4, "0.1"))
    size = sized(made, server(2, 4, facts))
    assert size.name == "right"
    assert f"cheap is cheaper but {why}" in size.why.replace("takes ", "")


def test_interfaces_take_the_place_of_disks_where_they_share() -> None:
    """Where adapters and volumes share slots, a second adapter costs a volume."""
    shared = offer("shared", 2, 4, "0.01", shares_slots=True, max_volumes=2)
    made = sizer(shared, offer("own", 2, 4, "0.1"))
    two_disks = DISKS.known((disk("a", 8), disk("b", 8)))
    assert sized(made, server(2, 4, two_disks, interfaces(1))).name == "shared"
    assert sized(made, server(2, 4, two_disks, interfaces(2))).name == "own"


def test_an_unknown_boot_type_gets_a_size_that_boots_either_way() -> None:
    """The boot type is never guessed: the size does both, and says so."""
    made = sizer(
        offer("new", 2, 4, "0.01", boots=frozenset({BootType.UEFI})), offer("both", 2, 4, "0.1")
    )
    size = sized(made, server(2, 4, BOOT_TYPE.unknown(Reason.NOT_TOLD)))
    assert size.name == "both"
    assert "boot type is unknown: the size boots either way" in size.assumptions


@pytest.mark.parametrize("trait", Trait)
def test_special_sizes_are_left_out_and_that_is_said(trait: Trait) -> None:
    """A size that no measurement justifies is not chosen, however cheap, and that is assumed."""
    made = sizer(offer("special", 2, 4, "0.01", traits=frozenset({trait})), offer("x", 2, 4, "0.1"))
    size = sized(made, server(2, 4))
    assert size.name == "x"
    assert any(trait.value in assumption for assumption in size.assumptions)


def test_the_price_is_that_of_the_system() -> None:
    """Windows is sized among the sizes with a Windows price, at that price."""
    windows = Price(usd=Decimal("0.3"), basis="derived 2026-10-15")
    made = sizer(offer("linux", 2, 4, "0.01"), offer("both", 2, 4, "0.1", windows=windows))
    size = sized(made, server(2, 4, family="windows"))
    assert size.name == "both"
    assert size.lines[0].basis == "derived 2026-10-15"
    assert size.lines[0].monthly_cost_pence == pence(Decimal("0.3") * 730, RATE)


def test_a_worked_example_of_a_cost() -> None:
    """0.10 USD x 730 h x 0.78 = 56.94 GBP, and 100 GiB at 0.10 USD = 7.80 GBP, are 64.74 GBP."""
    size = sized(sizer(offer("x", 2, 4, "0.1")), server(2, 4, DISKS.known((disk("sda", 100),))))
    assert [(line.what, line.monthly_cost_pence) for line in size.lines] == [
        ("compute x", 5694),
        ("disk sda 100 GiB gp3", 780),
    ]
    assert size.monthly_cost_pence == 6474
    assert size.incomplete == ()
    assert "1 USD = 0.78 GBP (2026-11-01)" in size.assumptions


def test_what_has_no_price_is_left_out_by_name_and_never_zero() -> None:
    """A disk without a price, unknown disks and a subscription are named beside the sum."""
    made = sizer(offer("x", 2, 4, "0.1"))
    size = sized(made, server(2, 4, DISKS.known((disk("sdb", 2048),)), OS_ID.known("rhel")))
    assert size.lines[1].monthly_cost_pence is None
    assert size.lines[1].basis == "unknown"
    assert size.monthly_cost_pence == 5694
    assert size.incomplete == (
        "disk sdb 2048 GiB, too large for one volume: no price",
        "the subscription for Red Hat Enterprise Linux",
    )
    assert sized(made, server(2, 4)).incomplete == ("disks: they are not known",)


@pytest.mark.parametrize("key", [CPU_THREADS, MEMORY_TOTAL, ARCHITECTURE, OS_FAMILY])
def test_without_what_decides_there_is_no_size(key: object) -> None:
    """A server whose processors, memory, architecture or system is unknown gets no size."""
    made = sizer(offer("x", 64, 512, "0.1"))
    facts = server(2, 4, key.unknown(Reason.NEEDS_PRIVILEGE))  # type: ignore[attr-defined]
    assert made.size(facts) == f"{key.name} is unknown: needs privilege"  # type: ignore[attr-defined]


def test_without_a_rate_a_size_has_no_cost() -> None:
    """An estate that gives no exchange rate gets sizes, and no made-up pounds."""
    made = replace(sizer(offer("x", 2, 4, "0.1")), rate=Rate(usd_to_gbp=None, as_of=None))
    size = sized(made, server(2, 4, DISKS.known((disk("sda", 100),))))
    assert size.name == "x"
    assert size.monthly_cost_pence is None
    assert size.incomplete == ("compute x: no price", "disk sda 100 GiB gp3: no price")
    assert "no exchange rate is given" in size.assumptions


def test_where_nothing_fits_that_is_said() -> None:
    """A server too large for every size gets none, and hears what was looked for."""
    said = sizer(offer("x", 2, 4, "0.1"), offer("unpriced", 64, 64, None)).size(server(4, 4))
    assert said == (
        "none of 1 sizes with a price in aws here fits "
        "4 vCPUs, 4 GiB, unknown disks, 1 network adapter"
    )


def test_a_region_without_prices_is_refused() -> None:
    """A region that the catalogue does not know is named, with those that it knows."""
    with pytest.raises(BadInputError) as caught:
        market(Cloud.AZURE, "mars")
    assert "'mars'" in str(caught.value)
    assert "uksouth" in str(caught.value.hint)


disks_of_servers = st.lists(st.integers(1, 40_000), max_size=30).map(
    lambda sizes: DISKS.known(tuple(disk(f"d{n:02}", gib) for n, gib in enumerate(sizes)))
)


@pytest.mark.parametrize("cloud", Cloud)
@settings(max_examples=60, deadline=None)
@given(
    threads=st.integers(1, 200),
    memory=st.floats(0.2, 4_000),
    found=disks_of_servers,
    adapters=st.integers(1, 16),
    boot=st.sampled_from(BootType),
    family=st.sampled_from(["linux", "windows"]),
)
def test_brute_force_finds_nothing_cheaper(
    cloud: Cloud,
    threads: int,
    memory: float,
    found: Observation,
    adapters: int,
    boot: BootType,
    family: str,
) -> None:
    """For any server, no size of the whole catalogue that fits is cheaper than the chosen one."""
    here = market(cloud, DEFAULT_REGIONS[cloud])
    facts = server(
        threads, memory, found, interfaces(adapters), BOOT_TYPE.known(boot), family=family
    )
    fitting = [
        price.usd
        for each in here.offers
        if (price := each.windows if family == "windows" else each.linux) is not None
        and not each.traits
        and each.vcpus >= threads
        and each.memory_bytes >= math.ceil(memory) * GIBIBYTE
        and each.max_interfaces >= adapters
        and each.max_volumes - (adapters - 1) * each.shares_slots >= len(found.fact.value)  # type: ignore[union-attr]
        and boot in each.boots
        and "x86_64" in each.architectures
    ]
    size = Sizer(market=here, rate=RATE).size(facts)
    if not fitting:
        assert isinstance(size, str)
        return
    assert isinstance(size, Size)
    assert size.lines[0].monthly_cost_pence == pence(min(fitting) * 730, RATE)
