"""Promises of costs in a cloud: by hand from the catalogue, and never a nought for an unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from cost_samples import RATE, TODAY, costing, line, server, verdict
from hypothesis import given
from hypothesis import strategies as st

from inventory.estate_costs import CostSettings
from inventory.model.fact import Reason
from inventory.model.facts import DISKS, OS_ID
from inventory.model.server import Server
from inventory.model.utilisation import HISTORY, SAMPLED, Spread, Utilisation
from migrate.costing.allocation import allocate, borne_by
from migrate.costing.commitments import commitment
from migrate.model.cost import Basis, Bill, Charge, Kind, Part, Purchase, Where, total_of
from migrate.model.verdict import Cloud, Verdict
from migrate.sizing.money import Rate

PENCE = st.integers(min_value=0, max_value=10**10)


def charge(pence: int | None, what: str = "x", parts: tuple[Part, ...] = ()) -> Charge:
    """Make a charge of so many pence over the period."""
    return Charge(
        what=what,
        kind=Kind.OTHER,
        monthly_pence=pence,
        period_pence=pence,
        basis=Basis.UNKNOWN if pence is None else Basis.OBSERVED,
        why="because",
        parts=parts,
    )


def bill(
    of: Server,
    *verdicts: Verdict,
    where: Where = Where.AWS,
    settings: CostSettings | None = None,
    runs: Sequence[str] | None = (),
    rate: Rate = RATE,
    purchase: Purchase = Purchase.ON_DEMAND,
) -> Bill:
    """Return one server's bill at one place."""
    cloud = Cloud(where.value)
    found = costing(settings, rate=rate, purchase=purchase).costs(
        [of], verdicts or [verdict(of, cloud)], {} if runs is None else {of.id: frozenset(runs)}
    )
    return next(each for each in found.bills if each.where is where)


def only(found: Bill, kind: Kind) -> Charge:
    """Return the one charge of a kind."""
    (charge,) = (each for each in found.charges if each.kind is kind)
    return charge


def busy(sent: float, cpu: float = 20) -> Utilisation:
    """Make a month's measurement of what was sent a second, and of the processors."""

    def steady(value: float) -> Spread:
        return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)

    return Utilisation(
        source="sar",
        since=datetime(2026, 10, 1, tzinfo=UTC),
        until=datetime(2026, 10, 31, tzinfo=UTC),
        samples=4320,
        cpu_percent=steady(cpu),
        network_sent_bytes_per_second=steady(sent),
    )


@given(PENCE, st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=60))
def test_an_amount_is_shared_to_the_penny(amount: int, weights: list[int]) -> None:
    """All parts add up to it, and none is a penny or more from its exact part."""
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = amount * weight / whole if whole else amount / len(weights)
        assert abs(part - exact) < 1 + amount * 1e-12


def test_nothing_is_shared_among_nobody() -> None:
    """It is refused rather than lost."""
    with pytest.raises(ValueError, match="at least one"):
        allocate(1, [])
    with pytest.raises(ValueError, match="not negative"):
        allocate(1, [2, -1])


@given(st.lists(st.none() | PENCE, min_size=1, max_size=20))
def test_a_sum_never_counts_an_unknown_as_nought(amounts: list[int | None]) -> None:
    """It holds what is known, names each thing that is not, and is unknown where nothing is."""
    total = total_of(charge(each, f"charge {n}") for n, each in enumerate(amounts))
    known = [each for each in amounts if each is not None]
    assert total.period_pence == (sum(known) if known else None)
    assert total.monthly_pence == total.period_pence
    unknown = [f"charge {n}: because" for n, each in enumerate(amounts) if each is None]
    assert list(total.left_out) == unknown


@given(PENCE, st.integers(min_value=0, max_value=100))
def test_partners_bear_the_whole_of_a_charge(amount: int, percent: int) -> None:
    """Whatever the split, an odd penny is borne by one of them; an unknown one is unknown."""
    parts = (
        Part(partner="SBC", percent=Decimal(percent)),
        Part(partner="EHDC", percent=Decimal(100 - percent)),
    )
    borne = borne_by(charge(amount, parts=parts))
    assert borne is not None
    assert sum(borne.values()) == amount
    assert borne_by(charge(None, parts=parts)) is None
    assert borne_by(charge(amount)) == {}


def test_a_bill_by_hand_from_the_catalogue() -> None:
    """A Windows server on m6a.xlarge in London, 0.75 GBP to the dollar, worked by hand.

    Compute 0.1998 x 730 = 145.854 USD = 109.39 GBP; Windows 0.046 x 4 x 730 = 134.32 USD = 100.74;
    the verdict's disk 3.00; snapshots of 150 % of 40 GiB: 60 x 0.053 = 3.18 USD = 2.39;
    1 MB/s sent x 2,628,000 s = 2,628 GB, a tenth of it 262.8 GB x 0.09 = 23.652 USD = 17.74;
    support 10 % of 233.26 = 23.33. In all 256.59 a month, 15,395.40 in sixty.
    """
    settings = CostSettings(
        backup_percent=Decimal(150),
        egress_percent=Decimal(10),
        support_percent={"aws": Decimal(10)},
    )
    windows = server("win-1", HISTORY.known((busy(1_000_000),)), family="windows")
    found = bill(windows, settings=settings)
    assert [(each.kind, each.monthly_pence) for each in found.charges] == [
        (Kind.COMPUTE, 10939),
        (Kind.LICENCE, 10074),
        (Kind.DISKS, 300),
        (Kind.BACKUP, 239),
        (Kind.EGRESS, 1774),
        (Kind.SUPPORT, 2333),
    ]
    assert found.total.monthly_pence == 25659
    assert found.total.period_pence == 25659 * 60
    assert found.total.left_out == ()


def test_each_number_says_how_it_is_known() -> None:
    """What the price list says is observed, what a rule made derived, a stand-in an estimate."""
    windows = server("win-1", HISTORY.known((busy(1_000_000),)), family="windows")
    settings = CostSettings(backup_percent=Decimal(100))
    found = bill(windows, settings=settings)
    assert [(each.kind, each.basis) for each in found.charges] == [
        (Kind.COMPUTE, Basis.OBSERVED),
        (Kind.LICENCE, Basis.DERIVED),
        (Kind.DISKS, Basis.OBSERVED),
        (Kind.BACKUP, Basis.OBSERVED),
        (Kind.EGRESS, Basis.ESTIMATE),
        (Kind.SUPPORT, Basis.UNKNOWN),
    ]
    assert "2026-10-15" in only(found, Kind.COMPUTE).why
    azure = bill(windows, where=Where.AZURE, settings=settings)
    assert only(azure, Kind.BACKUP).basis is Basis.ESTIMATE
    assert "West Europe" in only(azure, Kind.BACKUP).why


def test_what_nobody_knows_is_named_and_not_counted() -> None:
    """Without settings or measurements the sum is of compute and disk, and names the rest."""
    found = bill(server("web-1"))
    assert found.total.monthly_pence == 10939 + 300
    assert [each.partition(":")[0] for each in found.total.left_out] == [
        "backup",
        "data sent out",
        "support plan",
    ]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (DISKS.unknown(Reason.NEEDS_PRIVILEGE), "needs privilege"),
        (DISKS.known(()), "none were seen"),
    ],
)
def test_disks_that_are_not_known_cost_an_unknown(facts: object, words: str) -> None:
    """Neither no answer nor an empty one is a server without disks; nor are their backups free."""
    settings = CostSettings(backup_percent=Decimal(100))
    found = bill(server("web-1", facts), settings=settings)  # type: ignore[arg-type]
    disks = only(found, Kind.DISKS)
    assert disks.monthly_pence is None
    assert words in disks.why
    assert only(found, Kind.BACKUP).monthly_pence is None


def test_without_an_exchange_rate_every_price_is_unknown() -> None:
    """And so is the sum."""
    found = bill(server("web-1"), rate=Rate(usd_to_gbp=None, as_of=None))
    assert found.total.monthly_pence is None
    assert "no exchange rate" in only(found, Kind.COMPUTE).why


def test_disks_of_another_exchange_rate_are_not_mixed_in() -> None:
    """A verdict that was priced at another rate has to be given again."""
    found = bill(server("web-1"), rate=replace(RATE, usd_to_gbp=Decimal("0.80")))
    assert only(found, Kind.DISKS).monthly_pence is None
    assert "decant classify" in only(found, Kind.DISKS).why
    assert only(found, Kind.COMPUTE).monthly_pence == 11668


def test_a_server_without_a_size_has_an_unknown_bill() -> None:
    """It says why there is none."""
    web = server("web-1")
    found = bill(web, verdict(web, sized=False))
    assert found.total.period_pence is None
    assert "memory is unknown" in found.total.left_out[0]
    assert found.emissions == ()


def test_an_owned_windows_licence_is_left_out_in_azure_only() -> None:
    """Azure Hybrid Benefit takes it; servers that AWS shares among customers do not."""
    windows = server("win-1", family="windows")
    owned = CostSettings(licences=frozenset({"windows"}))
    azure = only(bill(windows, where=Where.AZURE, settings=owned), Kind.LICENCE)
    assert (azure.monthly_pence, azure.basis) == (0, Basis.DERIVED)
    assert "the estate owns it" in azure.why
    aws = only(bill(windows, settings=owned), Kind.LICENCE)
    assert aws.monthly_pence == 10074
    assert "shared tenancy" in aws.why


def test_red_hats_subscription_is_priced_brought_or_unknown() -> None:
    """AWS's is by rule (0.0144 x 4 x 730 x 0.75 = 31.54); Azure's has no price; an owned is 0."""
    rhel = server("rhel-1", OS_ID.known("rhel"))
    assert only(bill(rhel), Kind.LICENCE).monthly_pence == 3154
    assert only(bill(rhel), Kind.LICENCE).basis is Basis.DERIVED
    assert only(bill(rhel, where=Where.AZURE), Kind.LICENCE).monthly_pence is None
    owned = CostSettings(licences=frozenset({"rhel"}))
    assert only(bill(rhel, where=Where.AZURE, settings=owned), Kind.LICENCE).monthly_pence == 0


def test_sql_servers_licence_hangs_on_an_edition_that_is_not_known() -> None:
    """It is unknown, with the price of each edition; owned it is left out; unseen, no line."""
    db = server("db-1")
    unknown = only(bill(db, runs=["mssql"]), Kind.LICENCE)
    assert unknown.monthly_pence is None
    assert "Standard £262.80, Enterprise £821.25" in unknown.why
    owned = CostSettings(licences=frozenset({"sql"}))
    assert only(bill(db, runs=["mssql"], settings=owned), Kind.LICENCE).monthly_pence == 0
    assert all(each.kind is not Kind.LICENCE for each in bill(db, runs=["postgresql"]).charges)


def test_a_licence_that_may_be_due_is_named() -> None:
    """Where the system, or what runs on it, is not known, no licence is not taken for none."""
    unseen = only(bill(server("web-1"), runs=None), Kind.LICENCE)
    assert unseen.monthly_pence is None
    assert "SQL Server's may be due" in unseen.why
    some_linux = server("web-1", OS_ID.unknown(Reason.UNREADABLE))
    found = only(bill(some_linux), Kind.LICENCE)
    assert found.monthly_pence is None
    assert "unreadable" in found.why


def test_data_sent_is_measured_by_the_longest_watch_and_at_most() -> None:
    """A month of sar counts before a sample; where no share is given, all of it is counted."""
    seen = server("web-1", SAMPLED.known(busy(9_000_000)), HISTORY.known((busy(1_000_000),)))
    found = only(bill(seen), Kind.EGRESS)
    assert found.monthly_pence == 17739
    assert "at most" in found.why
    assert "sar over 30 days" in found.why
    assert only(bill(seen, where=Where.AZURE), Kind.EGRESS).monthly_pence is None


def test_commitments_cost_less_and_say_whose_ratio_it_is() -> None:
    """Three years reserved by m6a's own ratio: 145.854 x 0.07838 / 0.1728 x 0.75 = 49.62."""
    found = bill(server("web-1"), purchase=Purchase.RESERVED_3Y)
    compute = only(found, Kind.COMPUTE)
    assert (compute.monthly_pence, compute.basis) == (4962, Basis.ESTIMATE)
    assert "m6a.xlarge in us-east-1" in compute.why
    licence = bill(server("win-1", family="windows"), purchase=Purchase.RESERVED_3Y)
    assert only(licence, Kind.LICENCE).monthly_pence == 10074


@pytest.mark.parametrize("cloud", Cloud)
def test_a_longer_commitment_is_never_dearer(cloud: Cloud) -> None:
    """Three years are below one, one is below none; only Azure's three-year plan is unknown."""
    name = {Cloud.AWS: "m6a.xlarge", Cloud.AZURE: "Standard_D4as_v5"}[cloud]
    region = {Cloud.AWS: "eu-west-2", Cloud.AZURE: "uksouth"}[cloud]
    found = {each: commitment(cloud, region, name, each) for each in Purchase}
    one, three = found[Purchase.RESERVED_1Y], found[Purchase.RESERVED_3Y]
    assert one is not None
    assert three is not None
    assert 0 < three.value < one.value < 1
    assert (found[Purchase.SAVINGS_3Y] is None) is (cloud is Cloud.AZURE)


def test_only_the_very_type_in_the_very_region_is_observed() -> None:
    """A stand-in is an estimate."""
    own = commitment(Cloud.AWS, "eu-west-1", "m6a.xlarge", Purchase.RESERVED_1Y)
    assert own is not None
    assert own.basis is Basis.OBSERVED
    other = commitment(Cloud.AWS, "eu-west-2", "m6a.xlarge", Purchase.RESERVED_1Y)
    assert other is not None
    assert other.basis is Basis.ESTIMATE


def test_a_support_plan_for_all_is_shared_to_the_penny() -> None:
    """A hundred pounds among three alike: 33.34, 33.33, 33.33."""
    every = [server(f"web-{n}") for n in range(3)]
    settings = CostSettings(support_pounds={"aws": Decimal(100)})
    found = costing(settings).costs(every, [verdict(each) for each in every], {})
    paid = [only(each, Kind.SUPPORT) for each in found.bills if each.where is Where.AWS]
    assert [each.monthly_pence for each in paid] == [3334, 3333, 3333]


def test_bills_stand_by_server_and_place() -> None:
    """On premise first; a verdict on a server that is no more in the inventory makes none."""
    web, gone = server("web-1"), server("gone-1")
    verdicts = [verdict(web, Cloud.AZURE), verdict(web), verdict(gone)]
    found = costing(lines=[line()]).costs([web], verdicts, {})
    assert [(each.server, each.where) for each in found.bills] == [
        ("web-1", Where.ON_PREMISE),
        ("web-1", Where.AWS),
        ("web-1", Where.AZURE),
    ]
    assert found.since == TODAY
