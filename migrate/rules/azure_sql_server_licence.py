"""No SQL Server needs a licence on Azure."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.judging.sources import AZURE_HYBRID_SQL
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"mssql", "ssas", "ssrs", "ssis"})
"""By their fingerprints."""

RULE = Rule(
    title="SQL Server needs a licence on Azure",
    why=(
        "With Software Assurance the hybrid benefit brings licences of your own: a core of "
        "Enterprise is worth four vCPUs of Standard or of the general purpose tier of Azure SQL. "
        "Else Azure lends them."
    ),
    fix=(
        "Count the cores with Software Assurance and say so for the size; Developer and Express "
        "need none."
    ),
    source=AZURE_HYBRID_SQL.citation,
    source_date=AZURE_HYBRID_SQL.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("mssql", "database"),))),
        passes("something else runs", APPLICATIONS.known((recognised("postgresql", "database"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
)
