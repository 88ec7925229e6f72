"""What is certified for the Public Services Network stays covered by its certificate."""

from __future__ import annotations

from inventory.model.mark import Mark
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.marks import MARKS, marked
from migrate.judging.sources import PSN_CERTIFICATE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="It is part of the connection to the Public Services Network",
    why=(
        "The certificate covers one named infrastructure with its network diagram. A server that "
        "moves to a cloud changes both."
    ),
    fix="Draw the cloud into the diagram and the next health check, and tell PSN before the move.",
    source=PSN_CERTIFICATE.citation,
    source_date=PSN_CERTIFICATE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=marked(Mark.PSN, severity=Severity.CONDITION),
    examples=(
        flags("marked so", MARKS.known((Mark.OFFICIAL, Mark.PSN))),
        passes("marked otherwise", MARKS.known((Mark.OFFICIAL,))),
        passes("unmarked, in an estate that marks", MARKS.known(())),
        cannot_tell("the estate marks nothing", untold(MARKS)),
    ),
)
