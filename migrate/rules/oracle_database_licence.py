"""No Oracle Database needs its licences counted anew."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.judging.sources import ORACLE_IN_CLOUDS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"oracle-db"})
"""By their fingerprints."""

RULE = Rule(
    title="Oracle Database is licensed by vCPU in a cloud",
    why=(
        "Oracle counts two vCPUs as one processor where threads are two to a core, else one, and "
        "no core factor; Standard Edition 2 may run on no more than 8 vCPUs. Its policy is not "
        "part of the contract."
    ),
    fix=(
        "Count the licences for the size chosen with whoever holds the contract, before the size "
        "is fixed; weigh PostgreSQL or a managed service."
    ),
    source=ORACLE_IN_CLOUDS.citation,
    source_date=ORACLE_IN_CLOUDS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("oracle-db", "database"),))),
        passes("something else runs", APPLICATIONS.known((recognised("oracle-xe", "database"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
