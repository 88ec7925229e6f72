"""No SAP software needs its licence key for the new hardware."""

from __future__ import annotations

from datetime import date

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.licences import licensed
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCTS = frozenset({"sap", "sap-hana", "sap-bo", "sybase-ase", "sqlanywhere"})
"""By their fingerprints."""

RULE = Rule(
    title="SAP software has a key for its hardware",
    why=(
        "The licence key of an SAP system is made for its hardware key, which changes with the "
        "server; only certified sizes are supported in a cloud."
    ),
    fix="Ask for new keys before the cut-over, and choose among the certified sizes.",
    source=(
        "SAP's licence keys and its list of certified cloud sizes (general knowledge, no page read)"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=licensed(PRODUCTS, Severity.CONDITION),
    examples=(
        flags("it runs", APPLICATIONS.known((recognised("sap", "erp"),))),
        passes("something else runs", APPLICATIONS.known((recognised("sage-200", "finance"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
