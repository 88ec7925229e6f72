"""Nothing marked OFFICIAL-SENSITIVE goes without its handling being agreed."""

from __future__ import annotations

from inventory.model.mark import Mark
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.marks import MARKS, marked
from migrate.judging.sources import CLASSIFICATIONS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="OFFICIAL-SENSITIVE information is held",
    why=(
        "The caveat asks for need-to-know: who may see the data, also among administrators of the "
        "cloud account and suppliers, is decided by its owner, not by where it runs."
    ),
    fix="Let the information owner agree access, keys of your own for encryption, and logging.",
    source=CLASSIFICATIONS.citation,
    source_date=CLASSIFICATIONS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=marked(Mark.OFFICIAL_SENSITIVE, severity=Severity.CONDITION),
    examples=(
        flags("marked so", MARKS.known((Mark.OFFICIAL_SENSITIVE,))),
        passes("marked otherwise", MARKS.known((Mark.PCI,))),
        passes("unmarked, in an estate that marks", MARKS.known(())),
        cannot_tell("the estate marks nothing", untold(MARKS)),
    ),
    verified=False,
)
