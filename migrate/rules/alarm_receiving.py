"""The server answers no alarm calls."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.plugged import about_recognised
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_CATEGORY = "lob-telecare"

RULE = Rule(
    title="The server answers alarm calls (telecare)",
    why=(
        "Calls of people in need come in over telephone lines or gateways in the control "
        "room: it must answer while the line to a cloud is down, and its lines end in the "
        "building."
    ),
    fix=(
        "Ask the supplier for the hosted service and the digital lines that replace it; until "
        "then keep the server at the Hub."
    ),
    source=ON_SITE.citation,
    source_date=ON_SITE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=about_recognised(lambda each: each.category == _CATEGORY, severity=Severity.CONDITION),
    examples=(
        flags("jontek", APPLICATIONS.known((recognised("jontek", _CATEGORY),))),
        passes("something else", APPLICATIONS.known((recognised("nginx", "web"),))),
        passes("nothing", APPLICATIONS.known(())),
        cannot_tell("not told", untold(APPLICATIONS)),
    ),
)
