"""The server answers no alarm calls."""

from __future__ import annotations

from inventory.model.application import Application, Confidence
from inventory.model.fact import Observation
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.plugged import recognised
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_CATEGORY = "lob-telecare"


def _one(identifier: str) -> Observation:
    found = Application(
        id=identifier,
        name=identifier,
        vendor=None,
        category=_CATEGORY if identifier == "jontek" else "web",
        version=None,
        ports=(),
        confidence=Confidence.LOW,
        why=("the process says so",),
        lifecycle_product=None,
    )
    return APPLICATIONS.known((found,))


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
    judge=recognised(lambda each: each.category == _CATEGORY, severity=Severity.CONDITION),
    examples=(
        flags("jontek", _one("jontek")),
        passes("something else", _one("nginx")),
        passes("nothing", APPLICATIONS.known(())),
        cannot_tell("not told", untold(APPLICATIONS)),
    ),
)
