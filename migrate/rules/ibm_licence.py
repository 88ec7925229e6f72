"""No IBM software needs its licences measured anew."""

from __future__ import annotations

from datetime import date

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"db2", "informix", "websphere", "ibm-mq", "domino", "cognos", "tsm"})
"""By their fingerprints."""

RULE = Rule(
    title="IBM software is measured by the cores it may use",
    why=(
        "Less than the full capacity counts only where the cloud is one that IBM names and its "
        "licence metric tool reports; the tool must know the new place."
    ),
    fix=(
        "Plan the licence metric tool into the landing zone, and have the entitlement checked for "
        "the cloud."
    ),
    source=(
        "IBM's terms of sub-capacity licensing and of eligible public clouds (general knowledge, "
        "no page read)"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("db2", "database"),))),
        passes("something else runs", APPLICATIONS.known((recognised("postgresql", "database"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
