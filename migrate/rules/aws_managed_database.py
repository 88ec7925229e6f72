"""Databases could be managed ones on AWS, as far as release and size tell."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.instances import Instance, InstanceKind
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, spares, untold
from migrate.judging.managed import Service, fits_a_service
from migrate.judging.sources import RDS_STORAGE
from migrate.judging.units import GIB, TIB_IN_GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

MOST = 64 * TIB_IN_GIB
"""Of a database instance's first volume."""
SERVICES: dict[str, Service | str] = {
    "postgresql": Service(
        name="RDS for PostgreSQL", lifecycle="amazon-rds-postgresql", most_gib=MOST
    ),
    "mysql": Service(name="RDS for MySQL", lifecycle="amazon-rds-mysql", most_gib=MOST),
    "percona": Service(name="RDS for MySQL", lifecycle="amazon-rds-mysql", most_gib=MOST),
    "mariadb": Service(name="RDS for MariaDB", lifecycle="amazon-rds-mariadb", most_gib=MOST),
    "mssql": Service(name="RDS for SQL Server", releases=("14.0", "15.0", "16.0"), most_gib=MOST),
    "oracle-db": Service(name="RDS for Oracle", releases=("19", "21"), most_gib=MOST),
}
"""By fingerprint. The releases of SQL Server and Oracle are general knowledge."""


def _runs(name: str, version: str | None, *, size_gib: int | None = 0) -> Observation:
    size_bytes = None if size_gib is None else size_gib * GIB
    data = Instance(application=name, kind=InstanceKind.SERVER, name="main", size_bytes=size_bytes)
    found = recognised(
        name, "database", version=version, lifecycle=LIFECYCLES[name], instances=(data,)
    )
    return APPLICATIONS.known((found,))


LIFECYCLES = {
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "mssql": "mssqlserver",
}
"""Of the examples."""

RULE = Rule(
    title="A database that RDS does not take as it stands",
    why=(
        "RDS offers releases as long as it maintains them, and a database instance has a first "
        "volume of 64 TiB at most. What is older is upgraded on the way, or stays on a server."
    ),
    fix=(
        "Upgrade with the move (a dump, or the migration service), or keep it on its server for "
        "now."
    ),
    source=RDS_STORAGE.citation,
    source_date=RDS_STORAGE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=fits_a_service(SERVICES),
    examples=(
        flags("PostgreSQL 9.4", _runs("postgresql", "9.4.26")),
        flags("MySQL 5.5", _runs("mysql", "5.5.62")),
        flags("SQL Server 2012", _runs("mssql", "2012")),
        flags("more data than a volume", _runs("postgresql", "16.3", size_gib=64 * TIB_IN_GIB + 1)),
        passes("PostgreSQL 16", _runs("postgresql", "16.3", size_gib=64 * TIB_IN_GIB)),
        passes("MySQL 8.4 of an older patch", _runs("mysql", "8.4.1")),
        passes("SQL Server 2019", _runs("mssql", "15.0.4415.2")),
        spares("no database", APPLICATIONS.known(())),
        cannot_tell("release not told", _runs("mariadb", None)),
        cannot_tell("size not told", _runs("postgresql", "16.3", size_gib=None)),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
