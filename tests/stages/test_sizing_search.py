"""Sizing against brute force: for any need and options, no cheaper size of the catalogue fits.

What fits is written here a second time, from the rows of the shipped files, so that a
fault in reading the catalogue, in the index of sizes or in the order of search does not hide.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatch
from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model.fact import Facts
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
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.offer import GIBIBYTE, Trait
from migrate.judging.examples import disk, interfaces
from migrate.model.verdict import Cloud
from migrate.sizing.money import Rate
from migrate.sizing.options import SPECIAL, Options
from migrate.sizing.sizer import Sizer

RATE = Rate(usd_to_gbp=Decimal("0.78"), as_of=date(2026, 11, 1))
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
PATTERNS = ("m7i.*", "c*", "*.large", "Standard_D*_v5", "Standard_E*", "r6*")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A server and how it is to be sized."""

    threads: int
    gib: int
    architecture: str
    windows: bool
    boot: BootType
    disks: int
    adapters: int
    cpu: int | None
    memory: int | None
    operations: int | None
    mb: int | None
    mbit: int | None
    comfort: Decimal
    burstable: bool
    arm: bool
    zones: int
    never: str
    prefer: str


ASKED = st.builds(
    Asked,
    threads=st.integers(1, 130),
    gib=st.integers(1, 1_500),
    architecture=st.sampled_from(["x86_64", "x86_64", "aarch64", "i686"]),
    windows=st.booleans(),
    boot=st.sampled_from(BootType),
    disks=st.integers(0, 30),
    adapters=st.integers(1, 10),
    cpu=st.none() | st.integers(0, 100),
    memory=st.none() | st.integers(0, 100),
    operations=st.none() | st.integers(0, 30_000),
    mb=st.none() | st.integers(0, 1_000),
    mbit=st.none() | st.integers(0, 20_000),
    comfort=st.sampled_from([Decimal(1), Decimal("1.3"), Decimal("1.5")]),
    burstable=st.booleans(),
    arm=st.booleans(),
    zones=st.integers(0, 3),
    never=st.sampled_from(["", *PATTERNS]),
    prefer=st.sampled_from(["", "", *PATTERNS]),
)


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped file."""
    text = files("migrate.catalogue.data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@dataclass(frozen=True, kw_only=True)
class Row:
    """A size as this test reads it from the files."""

    name: str
    usd: float
    windows_usd: float
    vcpus: int
    gib: float
    runs: str
    boots: str
    disks: int
    adapters: int
    shared: bool
    burstable: bool
    premium: bool
    operations: float
    mb: float
    mbit: float
    zones: float


UNKNOWN = math.nan


def number(text: str | None) -> float:
    """Return a number, not a number when there is none."""
    return float(text) if text else UNKNOWN


def aws_rows() -> list[Row]:
    """Return the instance types of London that are neither special nor without a price."""
    prices = {
        r["instance_type"]: r for r in read("aws_ec2_prices.csv") if r["region"] == "eu-west-2"
    }
    special = ("inf", "trn", "dl", "vt", "f1", "f2", "hpc")
    return [
        Row(
            name=r["instance_type"],
            usd=number(prices.get(r["instance_type"], {}).get("linux")),
            windows_usd=number(prices.get(r["instance_type"], {}).get("windows")),
            vcpus=int(r["vcpu"]),
            gib=float(r["memory_gib"]),
            runs=r["arch"].replace("i386", "i686").replace("arm64", "aarch64"),
            boots=r["boot_modes"].replace("legacy-bios", "bios"),
            disks=int(r["max_ebs_attachments"] or 0),
            adapters=int(r["max_enis"]),
            shared=r["ebs_attach_limit"] == "shared",
            burstable=r["burstable"] == "1",
            premium=r["hypervisor"] != "xen",
            operations=number(r["ebs_base_iops"]),
            mb=number(r["ebs_base_mb_s"]),
            mbit=number(r["net_baseline_gbps"]) * 1000,
            zones=UNKNOWN,
        )
        for r in read("aws_instance_types.csv")
        if r["offered_eu_west_2"] == "1"
        and (r["gpu_count"], r["bare_metal"], r["current_gen"]) == ("0", "0", "1")
        and not r["family"].startswith(special)
        and "mac" not in r["arch"]
    ]


def azure_rows() -> list[Row]:
    """Return the sizes of UK South that are neither special nor without a price."""
    prices = {r["name"]: r for r in read("azure_vm_prices.csv") if r["region"] == "uksouth"}
    special = ("NC", "ND", "NG", "NP", "NV", "NM", "H", "DC", "EC")
    return [
        Row(
            name=r["name"],
            usd=number(prices.get(r["name"], {}).get("linux")),
            windows_usd=UNKNOWN
            if r["arch"] == "Arm64"
            else number(prices.get(r["name"], {}).get("windows")),
            vcpus=int(r["vcpu"]),
            gib=float(r["memory_gib"]),
            runs="aarch64" if r["arch"] == "Arm64" else "x86_64|i686",
            boots=r["generations"].replace("V1", "bios").replace("V2", "uefi"),
            disks=int(r["max_data_disks"]) + 1,
            adapters=int(r["max_nics"]),
            shared=False,
            burstable=r["burstable"] == "1",
            premium=r["premium_io"] == "1",
            operations=number(r["uncached_iops"]),
            mb=number(r["uncached_mb_s"]),
            mbit=number(r["net_mbps"]),
            zones=len(r["zones_uksouth"].split("|")) if r["zones_uksouth"] else 0,
        )
        for r in read("azure_vm_sizes.csv")
        if "uksouth" in r["regions"].split("|")
        and not r["vcpu_constrained"]
        and not r["retire"]
        and not r["name"].removeprefix("Standard_").startswith(special)
    ]


DISK_ROWS = read("azure_disks.csv")
ROWS = {Cloud.AWS: aws_rows(), Cloud.AZURE: azure_rows()}


def facts_of(asked: Asked) -> Facts:
    """Make the server."""

    def flat(value: float | None) -> Spread | None:
        if value is None:
            return None
        return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)

    use = Utilisation(
        source="sar",
        since=UNTIL - timedelta(days=31),
        until=UNTIL,
        samples=9,
        cpu_percent=flat(asked.cpu),
        memory_percent=flat(asked.memory),
        disk_operations_per_second=flat(asked.operations),
        disk_read_bytes_per_second=flat(None if asked.mb is None else asked.mb * 1e6),
        disk_write_bytes_per_second=flat(None if asked.mb is None else 0.0),
        network_received_bytes_per_second=flat(None if asked.mbit is None else 0.0),
        network_sent_bytes_per_second=flat(None if asked.mbit is None else asked.mbit * 125_000),
    )
    return Facts.from_observations(
        [
            CPU_THREADS.known(asked.threads),
            MEMORY_TOTAL.known(asked.gib * GIBIBYTE),
            ARCHITECTURE.known(asked.architecture),
            OS_FAMILY.known("windows" if asked.windows else "linux"),
            BOOT_TYPE.known(asked.boot),
            DISKS.known(tuple(disk(f"d{each:02}", 10) for each in range(asked.disks))),
            interfaces(asked.adapters),
            HISTORY.known((use,)),
        ]
    )


def options_of(asked: Asked) -> Options:
    """Return how it is to be sized."""
    return Options(
        by_use=True,
        comfort=asked.comfort,
        arm=asked.arm,
        zones=asked.zones,
        never=(asked.never,) if asked.never else (),
        prefer=(asked.prefer,) if asked.prefer else (),
        left_out=SPECIAL - {Trait.BURSTABLE} if asked.burstable else SPECIAL,
    )


def times(measured: int | None, asked: Asked, of: int = 1) -> int | None:
    """Return a measure times the comfort factor, in whole units upwards."""
    if measured is None:
        return None
    return max(1, math.ceil(Fraction(measured * of) * Fraction(asked.comfort)))


def needs_premium(asked: Asked) -> bool:
    """Tell whether the cheapest managed disk that can do it is a Premium one; each may boot."""
    operations, mb = times(asked.operations, asked), times(asked.mb, asked)
    if operations is None or mb is None or not asked.disks:
        return False
    able = [
        (float(row["uksouth_usd_month_estimate"]), row["sku"])
        for row in DISK_ROWS
        if row["sku"] in {"StandardSSD_LRS", "Premium_LRS"}
        and int(row["max_gib"]) >= 10
        and int(row["max_iops"]) >= operations
        and float(row["max_mb_s"]) >= mb
    ]
    return bool(able) and min(able)[1] == "Premium_LRS"


def able(row: Row, asked: Asked, *, premium: bool) -> bool:
    """Tell whether a size may be chosen and nothing that is known of it speaks against it."""
    rebuilt = asked.arm and not asked.windows and asked.architecture == "x86_64"
    own = asked.architecture in row.runs.split("|")
    per_cent = Fraction(asked.comfort) / 100
    vcpus = asked.threads
    if asked.cpu is not None:
        vcpus = max(1, math.ceil(asked.threads * asked.cpu * per_cent))
    gib = asked.gib
    if asked.memory is not None:
        gib = max(1, math.ceil(asked.gib * asked.memory * per_cent))
    return (
        (asked.burstable or not row.burstable)
        and not (asked.never and fnmatch(row.name, asked.never))
        and row.vcpus >= vcpus
        and row.gib >= gib
        and row.adapters >= asked.adapters
        and row.disks - (asked.adapters - 1 if row.shared else 0) >= asked.disks
        and (not premium or row.premium)
        and ((own and asked.boot.value in row.boots) or (rebuilt and row.runs == "aarch64"))
        # A comparison with what is not a number is false: unknown limits speak against nothing.
        and not row.operations < (times(asked.operations, asked) or 0)
        and not math.floor(row.mb if row.mb == row.mb else 1e9) < (times(asked.mb, asked) or 0)
        and not row.mbit < (times(asked.mbit, asked) or 0)
        and not row.zones < asked.zones
    )


def is_sure(row: Row, asked: Asked) -> bool:
    """Tell whether every limit that matters is known."""
    matters = (
        (asked.operations, row.operations),
        (asked.mb, row.mb),
        (asked.mbit, row.mbit),
        (asked.zones or None, row.zones),
    )
    return all(needed is None or not math.isnan(limit) for needed, limit in matters)


@pytest.mark.parametrize("cloud", Cloud)
@settings(max_examples=150, deadline=None)
@given(asked=ASKED)
def test_no_cheaper_size_fits(cloud: Cloud, asked: Asked) -> None:
    """Of all sizes that fit, sure ones before doubtful, preferred before others, none is cheaper.

    And where none fits, none is chosen; each that was cheaper has its reason, the right one at
    least in this: it does not fit, or is less sure, or is not preferred.
    """
    premium = cloud is Cloud.AZURE and needs_premium(asked)

    def rank(row: Row) -> tuple[bool, bool, float]:
        preferred = bool(asked.prefer) and fnmatch(row.name, asked.prefer)
        return not is_sure(row, asked), not preferred, row.windows_usd if asked.windows else row.usd

    fitting = {row.name: rank(row) for row in ROWS[cloud] if able(row, asked, premium=premium)}
    fitting = {name: each for name, each in fitting.items() if not math.isnan(each[2])}
    here = market(cloud, DEFAULT_REGIONS[cloud])
    told = Sizer(market=here, rate=RATE, options=options_of(asked)).explain(facts_of(asked))
    assert not isinstance(told, str)
    if not fitting:
        assert told.choice is None
        return
    assert told.choice is not None
    chosen = told.choice.chosen
    assert chosen.offer.name in fitting
    assert fitting[chosen.offer.name] == min(fitting.values())
    if told.choice.runner_up:
        others = [each for name, each in fitting.items() if name != chosen.offer.name]
        assert fitting[told.choice.runner_up.offer.name] == min(others)
    for each, why in told.rejected:
        assert why
        if each.offer.name in fitting:
            assert fitting[each.offer.name] > fitting[chosen.offer.name]


def test_ties_are_settled_whatever_the_order_of_the_catalogue() -> None:
    """The same sizes in another order give the same choices."""
    for cloud in Cloud:
        here = market(cloud, DEFAULT_REGIONS[cloud])
        one = Sizer(market=here, rate=RATE)
        other = Sizer(market=replace(here, offers=here.offers[::-1]), rate=RATE)
        for threads in range(1, 65):
            facts = Facts.from_observations(
                [
                    CPU_THREADS.known(threads),
                    MEMORY_TOTAL.known(threads * 4 * GIBIBYTE),
                    ARCHITECTURE.known("x86_64"),
                    OS_FAMILY.known("linux"),
                ]
            )
            assert one.size(facts) == other.size(facts)
