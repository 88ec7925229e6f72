"""Databases are maintained."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import PACKAGES
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import (
    cannot_tell,
    flags,
    installed,
    passes,
    recognised,
    untold,
)
from migrate.judging.software import maintained
from migrate.judging.sources import LIFECYCLE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = {
    r"postgresql-?(?P<release>\d+(\.\d+)?)(-server)?": "postgresql",
    r"postgresql-server": "postgresql",
    r"mysql-server-(?P<release>\d+\.\d+)": "mysql",
    r"mysql(-community)?-server": "mysql",
    r"mariadb-server-(?P<release>\d+\.\d+)": "mariadb",
    r"mariadb(-server)?": "mariadb",
    r"mongodb-org-server": "mongodb",
    r"redis(-server)?": "redis",
    r"valkey(-server)?": "valkey",
    r"mssql-server": "mssqlserver",
}

CATEGORIES = frozenset({"database", "cache", "search"})
"""Of recognised applications that are looked up as well as packages."""

NOTHING = APPLICATIONS.known(())
NO_PACKAGES = PACKAGES.known(())


def _runs(name: str, lifecycle: str, version: str | None) -> Observation:
    return APPLICATIONS.known((recognised(name, "database", version=version, lifecycle=lifecycle),))


RULE = Rule(
    title="A database is no longer maintained",
    why=(
        "Its makers no longer mend databases of this release line. A distribution may still "
        "patch the build that it ships; what is installed does not tell."
    ),
    fix="Make sure that the distribution still patches it, or upgrade with the move.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=maintained(PRODUCTS, CATEGORIES),
    examples=(
        flags(
            "PostgreSQL 11",
            PACKAGES.known((installed("postgresql-11", "11.22-0+deb10u2"),)),
            NOTHING,
        ),
        flags(
            "MariaDB 10.5, release in the version",
            PACKAGES.known((installed("mariadb-server", "1:10.5.26-0+deb11u2"),)),
            NOTHING,
        ),
        passes(
            "PostgreSQL 16",
            PACKAGES.known((installed("postgresql-16", "16.3-1.pgdg120+1"),)),
            NOTHING,
        ),
        cannot_tell(
            "a release that the catalogue does not know",
            PACKAGES.known((installed("postgresql-99", "99.1-1"),)),
            NOTHING,
        ),
        passes("none recognised", PACKAGES.known((installed("bash", "5.2.15-2"),)), NOTHING),
        flags(
            "Oracle 12.1, of no package", NO_PACKAGES, _runs("oracle-db", "oracle-database", "12.1")
        ),
        flags("SQL Server 2016", NO_PACKAGES, _runs("mssql", "mssqlserver", "13.0.6300.2")),
        passes("SQL Server 2019", NO_PACKAGES, _runs("mssql", "mssqlserver", "2019")),
        passes(
            "the same by its package and by its process",
            PACKAGES.known((installed("postgresql-16", "16.3-1.pgdg120+1"),)),
            _runs("postgresql", "postgresql", None),
        ),
        cannot_tell(
            "a database whose release nothing tells",
            NO_PACKAGES,
            _runs("oracle-db", "oracle-database", None),
        ),
        cannot_tell("packages not told", untold(PACKAGES), NOTHING),
        cannot_tell("what runs not told", PACKAGES.known(()), untold(APPLICATIONS)),
    ),
)
