"""No SQL Server needs a licence on AWS."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.judging.sources import AWS_MICROSOFT_LICENCES
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"mssql", "ssas", "ssrs", "ssis"})
"""By their fingerprints."""

RULE = Rule(
    title="SQL Server needs a licence on AWS",
    why=(
        "On shared servers licences of your own are counted by vCPU, four at least, and need "
        "Software Assurance for mobility; else AWS lends them by the hour. On dedicated hosts "
        "cores are counted."
    ),
    fix=(
        "Count the cores with Software Assurance, and compare with licence included for the "
        "edition in use; Developer and Express need none."
    ),
    source=AWS_MICROSOFT_LICENCES.citation,
    source_date=AWS_MICROSOFT_LICENCES.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("mssql", "database"),))),
        passes("something else runs", APPLICATIONS.known((recognised("postgresql", "database"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
