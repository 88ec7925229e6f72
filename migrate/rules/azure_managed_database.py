"""Databases could be managed ones on Azure, as far as release and size tell."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.instances import Instance, InstanceKind
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, spares, untold
from migrate.judging.managed import Service, fits_a_service
from migrate.judging.sources import LIFECYCLE
from migrate.judging.units import GIB, TIB_IN_GIB
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

MOST = 32 * TIB_IN_GIB
"""Of the flexible servers' Premium SSD."""
MOST_SQL = 16 * TIB_IN_GIB
"""Of a general purpose managed instance."""
NO_MARIADB = "Azure Database for MariaDB was retired; convert it to MySQL"
SERVICES: dict[str, Service | str] = {
    "postgresql": Service(
        name="Azure Database for PostgreSQL",
        lifecycle="azure-database-for-postgresql",
        most_gib=MOST,
    ),
    "mysql": Service(
        name="Azure Database for MySQL", lifecycle="azure-database-for-mysql", most_gib=MOST
    ),
    "percona": Service(
        name="Azure Database for MySQL", lifecycle="azure-database-for-mysql", most_gib=MOST
    ),
    "mariadb": NO_MARIADB,
    "mssql": Service(name="Azure SQL Managed Instance", most_gib=MOST_SQL),
}
"""By fingerprint. A managed instance takes backups of any release since 2005."""


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
    title="A database that no service of Azure takes as it stands",
    why=(
        "The flexible servers offer releases as long as Azure maintains them; each service has its "
        "largest size. What is older is upgraded on the way, or stays on a server."
    ),
    fix=(
        "Upgrade with the move (a dump, or the migration service), or keep it on its server for "
        "now."
    ),
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=fits_a_service(SERVICES),
    examples=(
        flags("PostgreSQL 9.4", _runs("postgresql", "9.4.26")),
        flags("MariaDB", _runs("mariadb", "10.11.6")),
        flags("more data than an instance", _runs("mssql", "2019", size_gib=16 * TIB_IN_GIB + 1)),
        flags("more data than a server", _runs("postgresql", "16.3", size_gib=32 * TIB_IN_GIB + 1)),
        passes("an instance's worth", _runs("mssql", "2019", size_gib=16 * TIB_IN_GIB)),
        passes("PostgreSQL 16", _runs("postgresql", "16.3", size_gib=32 * TIB_IN_GIB)),
        passes("SQL Server of any release", _runs("mssql", None)),
        spares("no database", APPLICATIONS.known(())),
        cannot_tell("release not told", _runs("postgresql", None)),
        cannot_tell("size not told", _runs("postgresql", "16.3", size_gib=None)),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
