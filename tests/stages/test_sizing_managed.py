"""Promises of sizing databases that the provider could run: beside the server, never made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inventory.model.application import Application, Confidence
from inventory.model.fact import Facts, Observation, Reason
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.instances import Instance, InstanceKind
from inventory.model.parts import BootType
from migrate.catalogue.managed import classes
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.offer import GIBIBYTE, Trait
from migrate.cli._explain import explained
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import disk
from migrate.model.verdict import Cloud, ManagedSize, Readiness, Size, Verdict
from migrate.sizing.money import Rate, pence
from migrate.sizing.sizer import Sizer

RATE = Rate(usd_to_gbp=Decimal("0.78"), as_of=date(2026, 11, 1))
DATA = Instance(
    application="postgresql", kind=InstanceKind.SERVER, name="15/main", size_bytes=20 * GIBIBYTE
)
SHOP = replace(DATA, kind=InstanceKind.DATABASE, name="shop", of="15/main")


def application(ident: str, *instances: Instance, runs: bool | None = True) -> Application:
    """Make a recognised application."""
    return Application(
        id=ident,
        name=ident.title(),
        vendor=None,
        category="database",
        version=None,
        ports=(),
        confidence=Confidence.HIGH,
        why=(),
        lifecycle_product=None,
        runs=runs,
        instances=instances,
    )


def managed(cloud: Cloud, told: Observation, rate: Rate = RATE) -> tuple[ManagedSize, ...]:
    """Return what is said of the databases of a server with 4 processors and 16 GiB."""
    facts = Facts.from_observations(
        [
            CPU_THREADS.known(4),
            MEMORY_TOTAL.known(16 * GIBIBYTE),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            BOOT_TYPE.known(BootType.UEFI),
            DISKS.known((disk("sda", 100), disk("sdb", 400))),
            told,
        ]
    )
    size = Sizer(market=market(cloud, DEFAULT_REGIONS[cloud]), rate=rate).size(facts)
    assert isinstance(size, Size)
    return size.managed


def verdict_of(*found: ManagedSize) -> Verdict:
    """Make a verdict with a size that stands beside these databases."""
    day = date(2026, 10, 15)
    size = Size(
        name="m7i.xlarge",
        region="eu-west-2",
        vcpus=4,
        memory_bytes=16 * GIBIBYTE,
        why="the cheapest",
        lines=(),
        monthly_cost_pence=None,
        incomplete=(),
        catalogue_date=day,
        assumptions=(),
        managed=found,
    )
    return Verdict(
        server_id="1",
        server="db-1",
        cloud=Cloud.AWS,
        fit=Readiness.READY,
        move=Readiness.READY,
        support=Readiness.READY,
        findings=(),
        missing=(),
        judged=1,
        coverage="A",
        size=size,
        no_size="",
        rules_version="0",
        catalogue_date=day,
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_a_postgresql_gets_the_cheapest_class_that_fits() -> None:
    """No class of RDS with enough of both is cheaper, burstable and old ones left aside."""
    (found,) = managed(Cloud.AWS, APPLICATIONS.known((application("postgresql", DATA, SHOP),)))
    assert found.service == "RDS for PostgreSQL"
    assert found.name is not None
    every = classes(Cloud.AWS, "eu-west-2", "postgresql")
    least = min(
        each.hour.usd
        for each in every
        if each.vcpus >= 4
        and each.memory_bytes >= 16 * GIBIBYTE
        and not each.traits & {Trait.BURSTABLE, Trait.PREVIOUS_GENERATION}
    )
    assert next(each.hour.usd for each in every if each.name == found.name) == least
    compute, storage = found.lines
    assert compute.basis == "observed 2026-10-15"
    assert storage.what == "storage 20 GiB, its data"
    assert storage.monthly_cost_pence == round(20 * 13.3 * 0.78)


def test_a_price_of_the_list_is_read_by_its_class() -> None:
    """db.m6g.large costs 0.184 USD an hour, db.m6g.xlarge (db.m6g.xl in the list) twice that."""
    prices = {
        each.name: (each.hour.usd, each.vcpus)
        for each in classes(Cloud.AWS, "eu-west-2", "postgresql")
    }
    assert prices["db.m6g.large"] == (Decimal("0.184"), 2)
    assert prices["db.m6g.xlarge"][1] == 4
    assert not any(name.endswith(".xl") for name in prices)


def test_a_worked_example_of_azure_sql() -> None:
    """4 vCores x (0.1522 + 0.1) USD x 730 h x 0.78 = 574.41 GBP; 500 GiB x 0.115 = 44.85 GBP."""
    single, instance = managed(Cloud.AZURE, APPLICATIONS.known((application("mssql"),)))
    assert (single.service, single.name) == ("Azure SQL Database", "GP_Gen5_4")
    assert [line.monthly_cost_pence for line in single.lines] == [57441, 4485]
    assert single.lines[1].what == "storage 500 GiB, all disks, its own data is not known"
    assert all(line.basis.startswith("estimate") for line in single.lines)
    assert instance.service == "Azure SQL Managed Instance"


@pytest.mark.parametrize(
    ("cloud", "ident"),
    [(Cloud.AWS, "mssql"), (Cloud.AWS, "oracle-db"), (Cloud.AZURE, "postgresql")],
)
def test_an_engine_without_prices_is_named_and_gets_no_number(cloud: Cloud, ident: str) -> None:
    """What the catalogue does not hold is said, and costs neither nothing nor something."""
    (found,) = managed(cloud, APPLICATIONS.known((application(ident),)))
    assert found.name is None
    assert found.lines == ()
    assert "the catalogue has no prices of" in found.why


def test_nothing_is_said_where_no_database_was_recognised() -> None:
    """Other applications, those that stand still and unknown ones lead to no database."""
    for told in (
        APPLICATIONS.known((application("nginx"), application("mysql", runs=False))),
        APPLICATIONS.unknown(Reason.NOT_TOLD),
    ):
        assert managed(Cloud.AWS, told) == ()


def test_without_a_rate_a_database_has_a_class_and_no_cost() -> None:
    """No exchange rate, no pounds."""
    (found,) = managed(
        Cloud.AWS,
        APPLICATIONS.known((application("mysql"),)),
        Rate(usd_to_gbp=None, as_of=None),
    )
    assert found.name is not None
    assert [line.monthly_cost_pence for line in found.lines] == [None, None]


def test_a_verdict_that_is_explained_tells_of_its_databases() -> None:
    """Service, class, reason and both lines of cost are told, or why there is none."""
    (found,) = managed(Cloud.AWS, APPLICATIONS.known((application("mariadb", DATA),)))
    none = ManagedSize(database="Oracle-Db", service="RDS", why="no prices")
    told = "\n".join(explained(verdict_of(found, none)))
    assert f"or Mariadb on RDS for MariaDB: {found.name}: the cheapest with 4 vCPUs" in told
    assert "storage 20 GiB, its data: 2.07 GBP a month" in told
    assert "or Oracle-Db on RDS: no class: no prices" in told


def test_a_database_that_may_run_is_sized() -> None:
    """Whether it runs could not be seen: it is not left out."""
    (found,) = managed(Cloud.AWS, APPLICATIONS.known((application("mysql", runs=None),)))
    assert found.service == "RDS for MySQL"


def test_a_class_has_the_memory_of_the_server_too() -> None:
    """Of the classes with enough processors those with too little memory are passed over."""
    told = APPLICATIONS.known((application("postgresql", DATA),))
    facts = Facts.from_observations(
        [
            CPU_THREADS.known(2),
            MEMORY_TOTAL.known(64 * GIBIBYTE),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            BOOT_TYPE.known(BootType.UEFI),
            told,
        ]
    )
    here = market(Cloud.AWS, DEFAULT_REGIONS[Cloud.AWS])
    size = Sizer(market=here, rate=RATE).size(facts)
    assert isinstance(size, Size)
    (found,) = size.managed
    assert found.memory_bytes is not None
    assert found.memory_bytes >= 64 * GIBIBYTE


def test_a_server_too_large_for_every_class_gets_none() -> None:
    """What was looked for is said, and there is no cost."""
    told = APPLICATIONS.known((application("mssql", DATA),))
    facts = Facts.from_observations(
        [
            CPU_THREADS.known(96),
            MEMORY_TOTAL.known(256 * GIBIBYTE),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            BOOT_TYPE.known(BootType.UEFI),
            told,
        ]
    )
    size = Sizer(market=market(Cloud.AZURE, "uksouth"), rate=RATE).size(facts)
    assert isinstance(size, Size)
    for found in size.managed:
        assert (found.name, found.lines) == (None, ())
        assert found.why == "none of its classes has 96 vCPUs and 256 GiB"
    assert len(size.managed) == 2


def test_data_of_which_a_part_is_not_known_costs_all_disks() -> None:
    """The sizes of some instances are no size of all."""
    untold = replace(DATA, name="16/main", size_bytes=None)
    for instances in ((DATA, untold), (untold,)):
        (found,) = managed(Cloud.AWS, APPLICATIONS.known((application("mysql", *instances),)))
        assert found.lines[1].what == "storage 500 GiB, all disks, its own data is not known"


@pytest.mark.parametrize(("size_bytes", "gib"), [(0, 1), (1, 1), (GIBIBYTE, 1), (GIBIBYTE + 1, 2)])
def test_data_is_counted_in_whole_gib(size_bytes: int, gib: int) -> None:
    """Each GiB that was begun is paid for."""
    told = application("mysql", replace(DATA, size_bytes=size_bytes))
    (found,) = managed(Cloud.AWS, APPLICATIONS.known((told,)))
    assert found.lines[1].what == f"storage {gib} GiB, its data"


@pytest.mark.parametrize(("gib", "paid"), [(20, 0), (32, 0), (33, 1), (132, 100)])
def test_what_an_instance_includes_is_not_paid_for(gib: int, paid: int) -> None:
    """Azure SQL Managed Instance has 32 GiB in its price."""
    told = application("mssql", replace(DATA, application="mssql", size_bytes=gib * GIBIBYTE))
    instance = managed(Cloud.AZURE, APPLICATIONS.known((told,)))[1]
    every = classes(Cloud.AZURE, "uksouth", "mssql")
    price = next(each.gib_month for each in every if each.name == instance.name)
    assert price is not None
    assert instance.lines[1].monthly_cost_pence == pence(price.usd * paid, RATE)


def test_storage_of_a_database_on_unknown_disks_is_not_known() -> None:
    """No number is made up, and its line says so."""
    facts = Facts.from_observations(
        [
            CPU_THREADS.known(4),
            MEMORY_TOTAL.known(16 * GIBIBYTE),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            BOOT_TYPE.known(BootType.UEFI),
            APPLICATIONS.known((application("mysql"),)),
        ]
    )
    size = Sizer(market=market(Cloud.AWS, DEFAULT_REGIONS[Cloud.AWS]), rate=RATE).size(facts)
    assert isinstance(size, Size)
    storage = size.managed[0].lines[1]
    assert (storage.what, storage.monthly_cost_pence) == ("storage: not known", None)
