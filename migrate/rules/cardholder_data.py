"""No cardholder data moves without its scope of PCI DSS being drawn anew."""

from __future__ import annotations

from inventory.model.mark import Mark
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.marks import MARKS, marked
from migrate.judging.sources import PCI_ON_AWS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Cardholder data is handled (PCI DSS)",
    why=(
        "The provider answers for its part only: what stores, handles or passes on card numbers, "
        "and what is connected with it, must be assessed again where it runs."
    ),
    fix=(
        "Take the cards out of scope (a payment provider's page), or put it in an account of its "
        "own and have it assessed."
    ),
    source=PCI_ON_AWS.citation,
    source_date=PCI_ON_AWS.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=marked(Mark.PCI, severity=Severity.CONDITION),
    examples=(
        flags("marked so", MARKS.known((Mark.OFFICIAL, Mark.PCI))),
        passes("marked otherwise", MARKS.known((Mark.PERSONAL,))),
        passes("unmarked, in an estate that marks", MARKS.known(())),
        cannot_tell("the estate marks nothing", untold(MARKS)),
    ),
)
