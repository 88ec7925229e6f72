"""Data that is marked to need care goes to a region in the United Kingdom."""

from __future__ import annotations

from inventory.model.mark import Mark
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.marks import MARKS
from migrate.judging.regions import stays_in_the_uk
from migrate.judging.sources import ICO_TRANSFERS
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Marked data would leave the United Kingdom",
    why=(
        "No law keeps OFFICIAL data in the country, but to hold it elsewhere is a risk that its "
        "owner must accept, and personal data needs adequacy rules or safeguards for the place."
    ),
    fix="Choose eu-west-2 (London), or have the decision of the information risk owner in writing.",
    source=ICO_TRANSFERS.citation,
    source_date=ICO_TRANSFERS.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=stays_in_the_uk(Cloud.AWS),
    examples=(
        flags("OFFICIAL, to a region in another country", MARKS.known((Mark.OFFICIAL,))),
        passes("nothing that must stay", MARKS.known((Mark.RETENTION,))),
        passes("unmarked, in an estate that marks", MARKS.known(())),
        cannot_tell("the estate marks nothing", untold(MARKS)),
    ),
    verified=False,
)
