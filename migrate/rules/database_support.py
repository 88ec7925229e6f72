"""Databases are maintained."""

from __future__ import annotations

from inventory.model.facts import PACKAGES
from migrate.judging.examples import cannot_tell, flags, installed, passes, untold
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

RULE = Rule(
    title="A database is no longer maintained",
    why=(
        "Its makers no longer mend databases of this release line. A distribution may still "
        "patch the build that it ships; packages do not tell."
    ),
    fix="Make sure that the distribution still patches it, or upgrade with the move.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=maintained(PRODUCTS),
    examples=(
        flags("PostgreSQL 11", PACKAGES.known((installed("postgresql-11", "11.22-0+deb10u2"),))),
        flags(
            "MariaDB 10.5, release in the version",
            PACKAGES.known((installed("mariadb-server", "1:10.5.26-0+deb11u2"),)),
        ),
        passes("PostgreSQL 16", PACKAGES.known((installed("postgresql-16", "16.3-1.pgdg120+1"),))),
        cannot_tell(
            "a release that the catalogue does not know",
            PACKAGES.known((installed("postgresql-99", "99.1-1"),)),
        ),
        passes("none recognised", PACKAGES.known((installed("bash", "5.2.15-2"),))),
        cannot_tell("packages not told", untold(PACKAGES)),
    ),
)
