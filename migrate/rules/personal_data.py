"""Personal data moves with the assessment of its protection brought up to date."""

from __future__ import annotations

from inventory.model.mark import Mark
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.marks import MARKS, marked
from migrate.judging.sources import ICO_TRANSFERS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Personal data is held",
    why=(
        "A new processor and a new place change what the assessment (DPIA), the record of "
        "processing and the privacy notice say. For special categories the assessment comes first."
    ),
    fix="Bring the assessment and the record of processing up to date before the cut-over.",
    source=ICO_TRANSFERS.citation,
    source_date=ICO_TRANSFERS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=marked(Mark.PERSONAL, Mark.SPECIAL_CATEGORY, severity=Severity.NOTE),
    examples=(
        flags("marked so", MARKS.known((Mark.OFFICIAL, Mark.SPECIAL_CATEGORY))),
        passes("marked otherwise", MARKS.known((Mark.PCI,))),
        passes("unmarked, in an estate that marks", MARKS.known(())),
        cannot_tell("the estate marks nothing", untold(MARKS)),
    ),
    verified=False,
)
