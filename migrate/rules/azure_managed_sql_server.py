"""No SQL Server needs its features asked for before Azure SQL."""

from __future__ import annotations

from datetime import date

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"mssql", "ssas", "ssrs", "ssis"})
"""By their fingerprints."""

RULE = Rule(
    title="SQL Server: what Azure SQL lacks must be asked for",
    why=(
        "A managed instance has no FILESTREAM or file tables and no xp_cmdshell; a single database "
        "has no Agent, no linked servers and no CLR either. Analysis, Reporting and Integration "
        "Services go elsewhere. None of it is read from outside."
    ),
    fix=(
        "Run the assessment of Azure Migrate or of the migration service on the database itself; "
        "one bad database makes the whole instance conditional."
    ),
    source=(
        "Azure SQL assessment calculation, MicrosoftDocs/azure-docs "
        "articles/migrate/concepts-azure-sql-assessment-calculation.md@0203f46; the list of "
        "features is general knowledge"
    ),
    source_date=date(2026, 11, 22),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS),
    examples=(
        flags("SQL Server", APPLICATIONS.known((recognised("mssql", "database"),))),
        flags("Reporting Services", APPLICATIONS.known((recognised("ssrs", "bi"),))),
        passes("none", APPLICATIONS.known((recognised("postgresql", "database"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
