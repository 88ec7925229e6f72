"""No Oracle middleware needs its licences counted anew."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.judging.sources import ORACLE_IN_CLOUDS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"oracle-weblogic", "oracle-forms", "oracle-ohs"})
"""By their fingerprints."""

RULE = Rule(
    title="Oracle middleware is licensed by vCPU in a cloud",
    why=(
        "WebLogic, Forms and Reports are counted as the database is: two vCPUs for one processor. "
        "The database often carries a restricted right to them, which may not hold apart from it."
    ),
    fix="Read the contract for what is licensed with which product, and count for the size chosen.",
    source=ORACLE_IN_CLOUDS.citation,
    source_date=ORACLE_IN_CLOUDS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("oracle-weblogic", "app-server"),))),
        passes("something else runs", APPLICATIONS.known((recognised("tomcat", "app-server"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
