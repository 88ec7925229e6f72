"""The server controls no doors."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.plugged import about_recognised
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_CATEGORY = "access-control"

RULE = Rule(
    title="The server controls doors",
    why=(
        "Door controllers talk to it over the building network, some of them by serial lines; "
        "doors must open when the line to a cloud is down."
    ),
    fix=(
        "Keep the server at the Hub or in the building, or replace it by a hosted door- "
        "control service whose controllers work alone; tell facilities management."
    ),
    source=ON_SITE.citation,
    source_date=ON_SITE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=about_recognised(lambda each: each.category == _CATEGORY, severity=Severity.CONDITION),
    examples=(
        flags("paxton", APPLICATIONS.known((recognised("paxton", _CATEGORY),))),
        passes("something else", APPLICATIONS.known((recognised("nginx", "web"),))),
        passes("nothing", APPLICATIONS.known(())),
        cannot_tell("not told", untold(APPLICATIONS)),
    ),
)
