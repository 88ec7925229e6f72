"""Promises of managed services: what stands against one is told, and never stops a plain move."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.model.fact import Facts, Observation
from inventory.model.facts import OS_ID, OS_VERSION
from inventory.model.instances import Instance, InstanceKind
from inventory.registry import Registry
from migrate.catalogue.surroundings import example_surroundings, surroundings
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import recognised
from migrate.judging.units import GIB, TIB_IN_GIB
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Severity

DATABASE = InstanceKind.DATABASE
RULES = Registry(package="migrate.rules", attribute="RULE", kind=Rule).all()


def judged(rule: str, *facts: Observation) -> Judgement:
    """Judge by one of the shipped rules."""
    return RULES[rule].value.judge(Facts.from_observations(facts), example_surroundings())


def database(name: str, version: str, *instances: Instance) -> Observation:
    """State that a database of this release runs."""
    product = {"mssql": "mssqlserver"}.get(name, name)
    found = recognised(name, "database", version=version, lifecycle=product, instances=instances)
    return APPLICATIONS.known((found,))


def sized(kind: InstanceKind, tib: int) -> Instance:
    """Make an instance with so much data."""
    return Instance(
        application="postgresql",
        kind=kind,
        name=f"{kind.value}-{tib}",
        size_bytes=tib * TIB_IN_GIB * GIB,
    )


@pytest.mark.parametrize(
    "name",
    [
        "aws-managed-database",
        "azure-managed-database",
        "aws-managed-sql-server",
        "azure-managed-sql-server",
        "managed-database-questions",
        "azure-app-service",
        "aws-elastic-beanstalk",
    ],
)
def test_no_managed_service_stands_against_a_plain_move(name: str) -> None:
    """Each is a note, whatever it finds in its own examples."""
    rule = RULES[name].value
    assert rule.severity is Severity.NOTE
    for example in rule.examples:
        judgement = rule.judge(Facts.from_observations(example.facts), example_surroundings())
        assert not isinstance(judgement, Flagged) or judgement.severity is None


def test_paid_extended_support_of_a_service_is_told() -> None:
    """MySQL 8.0 on RDS is past its standard support, and costs more until its extended one ends."""
    judgement = judged("aws-managed-database", database("mysql", "8.0.36"))
    assert isinstance(judgement, Flagged)
    assert judgement.observed == (
        "mysql 8.0.36: standard support of RDS for MySQL ended on 2026-07-31, "
        "paid extended support until 2029-07-31"
    )


def test_a_service_is_judged_as_of_the_day() -> None:
    """A year before, the same release stood against nothing."""
    rule = RULES["aws-managed-database"].value
    before = surroundings(today=date(2025, 11, 23))
    facts = Facts.from_observations([database("mysql", "8.0.36")])
    assert not isinstance(rule.judge(facts, before), Flagged)


def test_data_is_counted_once() -> None:
    """A server's size holds its databases'; without it, theirs add up."""
    whole = (sized(InstanceKind.SERVER, 40), sized(InstanceKind.DATABASE, 39))
    assert not isinstance(
        judged("aws-managed-database", database("postgresql", "16.3", *whole)), Flagged
    )
    parts = (sized(InstanceKind.DATABASE, 40), sized(InstanceKind.DATABASE, 39))
    judgement = judged("aws-managed-database", database("postgresql", "16.3", *parts))
    assert isinstance(judgement, Flagged)
    assert "80,896 GiB of data" in judgement.observed


def unsized(kind: InstanceKind) -> Instance:
    """Make an instance of which nobody told how much data it has."""
    return Instance(application="postgresql", kind=kind, name=f"{kind.value}-unsized")


@pytest.mark.parametrize(
    "instances",
    [
        (),
        (unsized(InstanceKind.SERVER),),
        (sized(InstanceKind.SERVER, 1), unsized(InstanceKind.SERVER)),
        (unsized(InstanceKind.SERVER), sized(InstanceKind.DATABASE, 1), unsized(DATABASE)),
        (unsized(InstanceKind.SERVER), unsized(InstanceKind.SERVER), sized(DATABASE, 1)),
    ],
)
@pytest.mark.parametrize("rule", ["aws-managed-database", "azure-managed-database"])
def test_data_of_which_nobody_told_the_size_is_not_taken_for_none(
    rule: str, instances: tuple[Instance, ...]
) -> None:
    """As long as a part is untold, nobody can tell whether all of it fits."""
    judgement = judged(rule, database("postgresql", "16.3", *instances))
    assert isinstance(judgement, CannotTell)
    assert judgement.because == "how much data postgresql holds was not told"


def test_what_was_told_of_data_is_enough_where_it_is_too_much() -> None:
    """More than fits does not get less by what was not told."""
    some = (sized(InstanceKind.SERVER, 80), unsized(InstanceKind.SERVER))
    judgement = judged("aws-managed-database", database("postgresql", "16.3", *some))
    assert isinstance(judgement, Flagged)
    assert "81,920 GiB of data" in judgement.observed


def test_databases_tell_the_size_of_their_only_server() -> None:
    """What a server did not tell of itself is the sum of what its databases are."""
    whole = (unsized(InstanceKind.SERVER), sized(DATABASE, 3), sized(DATABASE, 4))
    judgement = judged("aws-managed-database", database("postgresql", "16.3", *whole))
    assert judgement == Passed()


def test_release_and_size_are_missed_together() -> None:
    """Whoever asks for the one had better ask for the other at once."""
    found = recognised("postgresql", "database", lifecycle="postgresql")
    judgement = judged("aws-managed-database", APPLICATIONS.known((found,)))
    assert isinstance(judgement, CannotTell)
    assert judgement.because == (
        "which release of postgresql it is was not told; "
        "how much data postgresql holds was not told"
    )


def test_iis_is_as_old_as_its_windows() -> None:
    """It has no release of its own; beside it, an old Tomcat is told as well."""
    both = APPLICATIONS.known(
        (recognised("iis", "web"), recognised("tomcat", "app-server", version="7.0.109"))
    )
    system = (OS_ID.known("windows-server"), OS_VERSION.known("2008"))
    judgement = judged("azure-app-service", both, *system)
    assert judgement == Flagged(observed="tomcat 7.0.109, IIS on Windows Server 2008")
