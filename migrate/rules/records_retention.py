"""No records are lost that must be kept."""

from __future__ import annotations

from datetime import date

from inventory.model.mark import Mark
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.marks import MARKS, marked
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Records on it must be kept",
    why=(
        "Retention runs on when the server is switched off: records that must be kept have to be "
        "readable for as long, with the software that reads them."
    ),
    fix=(
        "Agree with the records manager what moves, what is archived, and what may be destroyed "
        "when."
    ),
    source=(
        "Lord Chancellor's Code of Practice on the management of records under section 46 of the "
        "Freedom of Information Act 2000 (general knowledge, no page read)"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=marked(Mark.RETENTION, severity=Severity.NOTE),
    examples=(
        flags("marked so", MARKS.known((Mark.OFFICIAL, Mark.RETENTION))),
        passes("marked otherwise", MARKS.known((Mark.PCI,))),
        passes("unmarked, in an estate that marks", MARKS.known(())),
        cannot_tell("the estate marks nothing", untold(MARKS)),
    ),
    verified=False,
)
