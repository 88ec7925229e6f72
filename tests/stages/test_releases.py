"""Promises of releases: software is looked up as the catalogue counts it, whoever wrote it down."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.model.fact import Facts
from inventory.model.facts import PACKAGES
from inventory.model.software import RUNTIMES, Runtime
from migrate.catalogue.lifecycle import lifecycle
from migrate.catalogue.surroundings import example_surroundings
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import installed, recognised
from migrate.judging.releases import java_product, release_of
from migrate.model.rule import Flagged
from migrate.rules.database_support import RULE as DATABASES
from migrate.rules.runtime_support import RULE as RUNTIME


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("2019", "15.0"),
        ("15.0.4415.2", "15.0"),
        ("16", "16.0"),
        ("13.0.6300.2", "13.0-sp3"),
        ("2014", "12.0-sp3"),
        ("10.50.4000", "10.50-sp3"),
    ],
)
def test_sql_server_is_told_by_year_and_by_build(told: str, counted: str) -> None:
    """Both mean one release line, of whose service packs the last one counts."""
    assert release_of("mssqlserver", told) == counted
    assert lifecycle("mssqlserver", counted) is not None


def test_the_end_of_sql_server_2016_is_that_of_its_last_service_pack() -> None:
    """Its first build's support ended in 2018, the last service pack's in July 2026."""
    assert lifecycle("mssqlserver", release_of("mssqlserver", "2016")) == date(2026, 7, 14)


@pytest.mark.parametrize(
    ("version", "vendor", "product"),
    [
        ("1.8.0_402", "Oracle Corporation", "oracle-jdk"),
        ("1.8.0_402", "Debian", "eclipse-temurin"),
        ("17.0.15", None, "eclipse-temurin"),
        ("1.6.0_45", None, "oracle-jdk"),
    ],
)
def test_java_has_makers_with_ends_of_their_own(
    version: str, vendor: str | None, product: str
) -> None:
    """Free builds are maintained longer than Oracle's; before Java 8 there were only those."""
    assert java_product(version, vendor) == product
    assert lifecycle(product, release_of(product, version)) is not None


def test_extended_support_is_told_beside_an_end() -> None:
    """Who pays for it knows that time is left."""
    facts = Facts.from_observations(
        [
            PACKAGES.known(()),
            APPLICATIONS.known(
                (recognised("mssql", "database", version="2016", lifecycle="mssqlserver"),)
            ),
        ]
    )
    judgement = DATABASES.judge(facts, example_surroundings())
    assert isinstance(judgement, Flagged)
    assert judgement.observed == (
        "mssqlserver 13.0-sp3 ended on 2026-07-14 "
        "(extended support, where it is paid for, until 2029-07-17)"
    )


def test_the_same_software_is_named_once() -> None:
    """By its package, by its process and by its folder it is still one Java 11 and one Node.js."""
    facts = Facts.from_observations(
        [
            PACKAGES.known((installed("nodejs", "14.21.3-1nodesource1"),)),
            APPLICATIONS.known(
                (recognised("nodejs", "runtime", version="14.21.3", lifecycle="nodejs"),)
            ),
            RUNTIMES.known(
                (
                    Runtime(name="node", version="14.21.3", path="/usr/include/node"),
                    Runtime(name="node", version="16.1.0", path="/opt/node"),
                    Runtime(name="php", version="7.4", path="/etc/php/7.4"),
                )
            ),
        ]
    )
    judgement = RUNTIME.judge(facts, example_surroundings())
    assert isinstance(judgement, Flagged)
    assert judgement.observed.count("nodejs 14") == 1
    assert judgement.observed.count("nodejs 16") == 1
    assert "php" not in judgement.observed
