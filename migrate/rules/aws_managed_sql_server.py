"""No SQL Server needs its features asked for before RDS."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.judging.sources import RDS_SQL_SERVER
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"mssql"})
"""By their fingerprints."""

RULE = Rule(
    title="SQL Server: what RDS lacks must be asked for",
    why=(
        "RDS has no FILESTREAM or file tables, no xp_cmdshell or other extended procedures, no "
        "replication, log shipping, PolyBase, Service Broker endpoints or server triggers; linked "
        "servers and CLR within limits. None of it is read from outside."
    ),
    fix=(
        "Ask the database itself (sys.configurations, sys.servers, sys.assemblies, "
        "sys.filegroups), or run an assessment; what is in use keeps it on a server or RDS Custom."
    ),
    source=RDS_SQL_SERVER.citation,
    source_date=RDS_SQL_SERVER.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS),
    examples=(
        flags("SQL Server", APPLICATIONS.known((recognised("mssql", "database"),))),
        passes("none", APPLICATIONS.known((recognised("postgresql", "database"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
)
