"""Promises of sizing by use: what was measured counts, what was not stays as it is."""

from __future__ import annotations

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
    FILESYSTEMS,
    INTERFACES,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.parts import BootType
from inventory.model.placement import POWER, Power
from inventory.model.utilisation import (
    HISTORY,
    SAMPLED,
    UTILISATION_TOLD,
    Level,
    Spread,
    ToldUtilisation,
    Utilisation,
)
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.offer import GIBIBYTE, Trait
from migrate.judging.examples import disk, mounted
from migrate.model.verdict import Cloud, Size
from migrate.sizing.money import Rate
from migrate.sizing.need import Need, need_of
from migrate.sizing.options import SPECIAL, Options, Percentile, options_of
from migrate.sizing.sizer import Sizer

RATE = Rate(usd_to_gbp=Decimal("0.78"), as_of=date(2026, 11, 1))
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
BY_USE = Options(by_use=True)


def flat(value: float) -> Spread:
    """Make a measure that never changed."""
    return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)


def watched(days: float = 31, source: str = "sar", **measures: Spread) -> Utilisation:
    """Make what somebody measured for so many days."""
    since = UNTIL - timedelta(days=days)
    return Utilisation(source=source, since=since, until=UNTIL, samples=100, **measures)


def server(threads: int, gib: int, *more: Observation) -> Facts:
    """Make a Linux server's facts."""
    return Facts.from_observations(
        [
            CPU_THREADS.known(threads),
            MEMORY_TOTAL.known(gib * GIBIBYTE),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            BOOT_TYPE.known(BootType.BIOS),
            *more,
        ]
    )


def needed(facts: Facts, options: Options = BY_USE) -> Need:
    """Return what a server needs, which must be known."""
    need = need_of(facts, options)
    assert isinstance(need, Need), need
    return need


def sized(facts: Facts, cloud: Cloud, options: Options = BY_USE) -> Size:
    """Return the size in the shipped catalogue, which there must be."""
    here = market(cloud, DEFAULT_REGIONS[cloud])
    size = Sizer(market=here, rate=RATE, options=options).size(facts)
    assert isinstance(size, Size), size
    return size


@pytest.mark.parametrize("cloud", Cloud)
@pytest.mark.parametrize(("comfort", "vcpus"), [("1", 4), ("1.5", 8)])
def test_worked_example_of_azure_migrate(cloud: Cloud, comfort: str, vcpus: int) -> None:
    """16 vCPUs at 20 % P95 are 3.2, so 4; times 1.5 they are 4.8, so 8.

    Source: the project's readiness rules, table 2d; Azure Migrate, target right-sizing,
    MicrosoftDocs/azure-docs articles/migrate target-right-sizing.md@0232df4.
    """
    facts = server(16, 16, HISTORY.known((watched(cpu_percent=flat(20)),)))
    size = sized(facts, cloud, replace(BY_USE, comfort=Decimal(comfort)))
    assert size.vcpus == vcpus
    assert f"by use: percentile 95 of 31 days by sar, times {comfort}" in size.assumptions
    assert "as it is: use of memory was not measured" in size.assumptions


@pytest.mark.parametrize(
    ("percentile", "vcpus"),
    [(Percentile.P50, 2), (Percentile.P90, 4), (Percentile.P95, 6), (Percentile.P99, 8)],
)
def test_the_percentile_asked_for_counts(percentile: Percentile, vcpus: int) -> None:
    """Each of the four percentiles is the one that is multiplied, not the mean or the peak."""
    spread = Spread(mean=1, p50=20, p90=40, p95=60, p99=80, maximum=100)
    facts = server(10, 16, HISTORY.known((watched(cpu_percent=spread, memory_percent=spread),)))
    need = needed(facts, replace(BY_USE, percentile=percentile))
    assert need.vcpus == vcpus
    assert need.memory_bytes == -(-16 * vcpus // 10) * GIBIBYTE


def test_a_fraction_of_a_processor_is_a_whole_one() -> None:
    """3.2 need 4, 3.0 need 3 and nothing at all needs 1: binary fractions add none."""
    for percent, vcpus in ((20, 4), (18.75, 3), (0, 1), (0.1, 1), (6.25, 1), (6.26, 2)):
        facts = server(16, 16, HISTORY.known((watched(cpu_percent=flat(percent)),)))
        assert needed(facts).vcpus == vcpus
    hundred = server(100, 16, HISTORY.known((watched(cpu_percent=flat(7)),)))
    assert needed(hundred).vcpus == 7


def test_use_is_looked_at_only_when_the_estate_asks() -> None:
    """Unless asked, a server is sized as it is, and that is said."""
    facts = server(16, 16, HISTORY.known((watched(cpu_percent=flat(20)),)))
    assert needed(facts, Options()).vcpus == 16
    assert "as it is today" in needed(facts, Options()).because[0]


@pytest.mark.parametrize("power", [Power.OFF, Power.SUSPENDED])
def test_a_server_that_is_switched_off_is_sized_as_it_is(power: Power) -> None:
    """What was measured before tells nothing of a server that is off."""
    facts = server(16, 16, HISTORY.known((watched(cpu_percent=flat(1)),)), POWER.known(power))
    need = needed(facts)
    assert need.vcpus == 16
    assert {Power.OFF: "switched off", Power.SUSPENDED: "suspended"}[power] in need.because[0]


def test_a_server_without_measures_is_sized_as_it_is() -> None:
    """Use that nobody measured is not taken for none."""
    need = needed(server(16, 16))
    assert (need.vcpus, need.memory_bytes) == (16, 16 * GIBIBYTE)
    assert "no use was measured" in need.because[0]


def test_what_was_watched_too_briefly_does_not_count() -> None:
    """29 days and a bit are not 30: as it is, with how long it was watched."""
    short = server(16, 16, HISTORY.known((watched(29.9, cpu_percent=flat(1)),)))
    assert needed(short).vcpus == 16
    assert "use was watched for 29 of 30 days" in needed(short).because[0]
    assert needed(short, replace(BY_USE, days=29)).vcpus == 1


def test_the_longest_watch_counts_and_percentiles_before_peaks() -> None:
    """Of several watchers the longest counts; one that tells only peaks comes after them."""
    told = ToldUtilisation(
        source="vrops",
        since=UNTIL - timedelta(days=365),
        until=UNTIL,
        cpu_percent=Level(mean=5, maximum=90),
    )
    facts = server(
        10,
        16,
        HISTORY.known(
            (watched(40, "sar", cpu_percent=flat(30)), watched(60, "pcp", cpu_percent=flat(50)))
        ),
        SAMPLED.known(watched(0, "sample", cpu_percent=flat(70))),
        UTILISATION_TOLD.known((told,)),
    )
    assert needed(facts).vcpus == 5
    assert needed(server(10, 16, UTILISATION_TOLD.known((told,)))).vcpus == 9
    endless = replace(told, since=None)
    assert needed(server(10, 16, UTILISATION_TOLD.known((endless,)))).vcpus == 10


def test_limits_of_the_size_are_looked_at_and_named() -> None:
    """A size that is slower than what was measured does not do, and the limit is told.

    m7i-flex.large does 3,600 lasting operations a second, m7i.xlarge 6,000 (EC2
    DescribeInstanceTypes as shipped).
    """
    busy = watched(
        cpu_percent=flat(50),
        disk_operations_per_second=flat(5_000),
        disk_read_bytes_per_second=flat(10e6),
        disk_write_bytes_per_second=flat(10e6),
    )
    facts = server(4, 8, HISTORY.known((busy,)), DISKS.known((disk("sda", 100),)))
    here = market(Cloud.AWS, "eu-west-2")
    size = sized(facts, Cloud.AWS)
    chosen = next(each for each in here.offers if each.name == size.name)
    assert chosen.max_operations is not None
    assert chosen.max_operations >= 5_000
    told = Sizer(market=here, rate=RATE, options=BY_USE).explain(facts)
    assert not isinstance(told, str)
    assert any("of 5,000 IOPS" in why for _, why in told.rejected)


def test_a_size_of_unknown_limits_is_chosen_only_where_nothing_else_fits() -> None:
    """Of few Azure sizes the limits are known: those come first, and a doubt is said."""
    slow = watched(cpu_percent=flat(10), disk_operations_per_second=flat(10))
    small = sized(server(4, 8, HISTORY.known((slow,))), Cloud.AZURE)
    assert not any("does not know its limit" in each for each in small.assumptions)
    vast = sized(server(8, 3_000, HISTORY.known((slow,))), Cloud.AZURE)
    assert "the catalogue does not know its limit of IOPS" in vast.assumptions


def test_preferred_sizes_come_first_though_others_are_cheaper() -> None:
    """A preference is kept as long as one of the preferred fits; an exclusion always is."""
    facts = server(2, 8)
    usual = sized(facts, Cloud.AWS)
    preferred = sized(facts, Cloud.AWS, Options(prefer=("m7i.*",)))
    assert preferred.name == "m7i.large"
    assert preferred.name != usual.name
    assert "is not one of the preferred" in preferred.why
    assert sized(facts, Cloud.AWS, Options(prefer=("m999*",))).name == usual.name
    without = sized(facts, Cloud.AWS, Options(never=(usual.name,)))
    assert without.name != usual.name
    assert f"never: {usual.name}" in without.assumptions


def test_arm_is_chosen_only_where_the_estate_allows_rebuilding() -> None:
    """An x86-64 server gets an Arm size only when it may be rebuilt, and that is assumed aloud."""
    facts = server(2, 8)
    arm = sized(facts, Cloud.AWS, Options(arm=True))
    assert "everything on it is rebuilt for Arm" in arm.assumptions
    usual = sized(facts, Cloud.AWS)
    assert "everything on it is rebuilt for Arm" not in usual.assumptions
    windows = Facts({**facts.observations, OS_FAMILY.name: OS_FAMILY.known("windows")})
    assert not any(
        "Arm" in each for each in sized(windows, Cloud.AWS, Options(arm=True)).assumptions
    )


def test_zones_are_counted_where_they_are_known() -> None:
    """A size in fewer zones than asked does not fit; where zones are not told, that is said."""
    asked = Options(zones=3)
    size = sized(server(2, 8), Cloud.AZURE, asked)
    here = market(Cloud.AZURE, "uksouth")
    assert next(each.zones for each in here.offers if each.name == size.name) == 3
    doubtful = sized(server(2, 8), Cloud.AWS, asked)
    assert "the catalogue does not know its limit of zones" in doubtful.assumptions


def test_burstable_sizes_are_considered_when_asked_for() -> None:
    """A trait that the estate names is no longer left out."""
    size = sized(server(2, 4), Cloud.AWS, Options(left_out=SPECIAL - {Trait.BURSTABLE}))
    assert size.name.startswith("t")


def disks_line(cloud: Cloud, operations: float, mb: float, options: Options = BY_USE) -> list[str]:
    """Return what the system disk and a data disk of 500 GiB become."""
    use = watched(
        disk_operations_per_second=flat(operations),
        disk_read_bytes_per_second=flat(mb * 1e6),
        disk_write_bytes_per_second=flat(0),
    )
    facts = server(
        8,
        32,
        HISTORY.known((use,)),
        DISKS.known((disk("sda", 100), disk("sdb", 500))),
        FILESYSTEMS.known((mounted("/", "/dev/sda1"), mounted("/srv", "/dev/sdb1"))),
    )
    return [line.what for line in sized(facts, cloud, options).lines[1:]]


def test_disks_are_of_the_cheapest_kind_that_can_do_what_was_measured() -> None:
    """Included performance first, then paid performance, then faster kinds; HDD when allowed."""
    assert disks_line(Cloud.AWS, 3_000, 125) == ["disk sda 100 GiB gp3", "disk sdb 500 GiB gp3"]
    assert (
        disks_line(Cloud.AWS, 5_000, 200)[1] == "disk sdb 500 GiB gp3 with 5000 IOPS and 200 MB/s"
    )
    assert disks_line(Cloud.AZURE, 500, 60) == ["disk sda 100 GiB E10", "disk sdb 500 GiB E20"]
    system, data = disks_line(Cloud.AZURE, 3_000, 100)
    assert system == "disk sda 100 GiB P30"
    assert data == "disk sdb 500 GiB Premium SSD v2 of 500 GiB with 3000 IOPS and 100 MB/s"
    hard = replace(BY_USE, hard_disks=True)
    assert disks_line(Cloud.AZURE, 500, 60, hard)[1] == "disk sdb 500 GiB S20"
    assert disks_line(Cloud.AWS, 100, 5, hard)[1] == "disk sdb 500 GiB sc1"


def test_a_table_of_the_estate_says_all_of_it() -> None:
    """What [sizing] names is what counts; what it leaves out is as usual."""
    assert options_of({}) == Options()
    table = {
        "by": "use",
        "percentile": 99,
        "comfort": 1.3,
        "days": 90,
        "arm": True,
        "zones": 2,
        "hard_disks": True,
        "prefer": ["m7*"],
        "never": ["t2.*"],
        "with": ["previous-generation"],
    }
    assert options_of(table) == Options(
        by_use=True,
        percentile=Percentile.P99,
        comfort=Decimal("1.3"),
        days=90,
        arm=True,
        zones=2,
        hard_disks=True,
        prefer=("m7*",),
        never=("t2.*",),
        left_out=SPECIAL - {Trait.PREVIOUS_GENERATION},
    )


def test_the_busier_direction_of_the_network_counts() -> None:
    """Received and sent are not added up: adapters do both at once."""
    use = watched(
        network_received_bytes_per_second=flat(1e6), network_sent_bytes_per_second=flat(5e6)
    )
    assert needed(server(2, 4, HISTORY.known((use,)))).network_mbit == 40


def test_only_windows_pays_for_windows() -> None:
    """A system that is neither Linux nor Windows is not sized at Windows' prices."""
    assert not needed(server(2, 4, OS_FAMILY.known("freebsd"))).windows
    assert needed(server(2, 4, OS_FAMILY.known("windows"))).windows


@pytest.mark.parametrize(
    ("architecture", "family", "arm"),
    [
        ("x86_64", "linux", True),
        ("x86_64", "windows", False),
        ("i686", "linux", False),
        ("aarch64", "linux", False),
    ],
)
def test_only_a_linux_of_x86_64_is_rebuilt_for_arm(
    architecture: str, family: str, *, arm: bool
) -> None:
    """And only where the estate allows it."""
    facts = server(2, 4, ARCHITECTURE.known(architecture), OS_FAMILY.known(family))
    assert needed(facts, Options(arm=True)).arm_too is arm
    assert not needed(facts, Options()).arm_too


def other_tool(days: int | None = 30, **measures: Level) -> Observation:
    """State what another tool tells of so many days."""
    since = None if days is None else UNTIL - timedelta(days=days)
    return UTILISATION_TOLD.known(
        (ToldUtilisation(source="vrops", since=since, until=UNTIL, **measures),)
    )


def peak(value: float) -> Level:
    """Make a measure of which the average and the peak are told."""
    return Level(mean=0, maximum=value)


def test_the_peaks_that_another_tool_tells_count() -> None:
    """Reads and writes together, the busier direction of the network, memory in bytes or share."""
    told = other_tool(
        cpu_percent=peak(25),
        memory_used_bytes=peak(3 * GIBIBYTE + 1),
        disk_reads_per_second=peak(100),
        disk_writes_per_second=peak(50),
        disk_read_bytes_per_second=peak(2e6),
        disk_write_bytes_per_second=peak(1e6),
        network_received_bytes_per_second=peak(1e6),
        network_sent_bytes_per_second=peak(5e6),
    )
    need = needed(server(16, 16, told))
    assert (need.vcpus, need.memory_bytes) == (4, 4 * GIBIBYTE)
    assert (need.operations, need.disk_mb, need.network_mbit) == (150, 3, 40)
    share = other_tool(memory_percent=peak(50), memory_used_bytes=peak(GIBIBYTE))
    assert needed(server(16, 16, share)).memory_bytes == 8 * GIBIBYTE


@pytest.mark.parametrize(
    ("days", "vcpus", "said"),
    [
        (30, 4, "by use: peak of 30 days by vrops, times 1"),
        (29, 16, "use was watched for 29 of 30 days"),
        (None, 16, "use was watched for 0 of 30 days"),
    ],
)
def test_what_another_tool_tells_counts_after_as_long(
    days: int | None, vcpus: int, said: str
) -> None:
    """One that does not say how long it watched has watched for no day."""
    need = needed(server(16, 16, other_tool(days, cpu_percent=peak(25))))
    assert need.vcpus == vcpus
    assert said in need.because[0]


def test_what_the_sizes_rest_on_is_said() -> None:
    """What was measured, what stays as it is, what was not looked at, each once."""
    every = watched(
        cpu_percent=flat(20),
        memory_percent=flat(20),
        disk_operations_per_second=flat(10),
        disk_read_bytes_per_second=flat(1e6),
        disk_write_bytes_per_second=flat(1e6),
        network_received_bytes_per_second=flat(1e6),
        network_sent_bytes_per_second=flat(1e6),
    )
    by_use = "by use: percentile 95 of 31 days by sar, times 1"
    busy = "each disk can carry the use of all disks: which of them is busy is not told"
    assert needed(server(4, 8, HISTORY.known((every,)))).because == (by_use, busy)
    none = watched(network_received_bytes_per_second=flat(1e6))
    assert needed(server(4, 8, HISTORY.known((none,)))).because == (
        by_use,
        "as it is: use of processors was not measured",
        "as it is: use of memory was not measured",
        "not looked at: disk operations was not measured",
        "not looked at: disk throughput was not measured",
        "not looked at: network throughput was not measured",
    )
    in_bytes = other_tool(memory_used_bytes=peak(GIBIBYTE), cpu_percent=peak(1))
    because = needed(server(4, 8, in_bytes)).because
    assert not any(each.startswith("as it is") for each in because)
    half = watched(
        cpu_percent=flat(1), memory_percent=flat(1), disk_read_bytes_per_second=flat(1e6)
    )
    assert needed(server(4, 8, HISTORY.known((half,)))).disk_mb is None


def test_of_watches_that_are_long_enough_the_longest_counts() -> None:
    """The last where two watched as long; a short one of peaks is told of where none is enough."""
    first = watched(40, "sar", cpu_percent=flat(30))
    later = replace(first, until=UNTIL + timedelta(hours=1), cpu_percent=flat(60))
    for order in ((first, later), (later, first)):
        assert needed(server(10, 16, HISTORY.known(order))).vcpus == 6
    short = server(10, 16, HISTORY.known((watched(3, cpu_percent=flat(1)),)), other_tool(7))
    assert "use was watched for 7 of 30 days" in needed(short).because[0]
    briefly = server(10, 16, HISTORY.known((watched(8, cpu_percent=flat(1)),)), other_tool(7))
    assert "use was watched for 8 of 30 days" in needed(briefly).because[0]


@pytest.mark.parametrize(
    ("architecture", "boots"),
    [("x86_64", {BootType.BIOS, BootType.UEFI}), ("aarch64", {BootType.UEFI})],
)
def test_an_unknown_boot_type_is_every_one_that_the_architecture_has(
    architecture: str, boots: set[BootType]
) -> None:
    """Servers of 64-bit Arm have no BIOS."""
    facts = server(2, 4, ARCHITECTURE.known(architecture), BOOT_TYPE.unknown(Reason.NOT_TOLD))
    assert needed(facts).boots == boots


def test_every_disk_may_have_to_boot_until_the_system_disk_is_known() -> None:
    """A volume that cannot boot is no volume for a disk that may hold the system."""
    busy = HISTORY.known((watched(disk_operations_per_second=flat(10)),))
    two = DISKS.known((disk("sda", 8), disk("sdb", 8)))
    root = FILESYSTEMS.known((mounted("/", "/dev/sdb1"),))

    def booting(*more: Observation) -> list[bool]:
        return [each.wanted.boots for each in needed(server(2, 4, two, *more)).disks or ()]

    assert booting(busy) == [True, True]
    assert booting(busy, root) == [False, True]
    assert booting(root) == [True, True]


def test_disks_without_a_size_take_no_volume_and_the_smallest_takes_a_gib() -> None:
    """An empty drive is no disk; a byte is a GiB, as volumes are sold."""
    disks = (replace(disk("sda", 8), size_bytes=1), replace(disk("sdb", 8), size_bytes=0))
    need = needed(server(2, 4, DISKS.known(disks)))
    assert [(each.name, each.gib) for each in need.disks or ()] == [("sda", 1)]
    assert need.volumes == 1


def test_a_server_has_an_adapter_even_if_none_was_seen() -> None:
    """A size without one cannot be had."""
    assert needed(server(2, 4, INTERFACES.known(()))).interfaces == 1
