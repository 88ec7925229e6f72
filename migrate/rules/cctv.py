"""The server records no CCTV."""

from __future__ import annotations

from inventory.model.application import Application, Confidence
from inventory.model.fact import Observation
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.plugged import recognised
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_CATEGORY = "cctv"


def _one(identifier: str) -> Observation:
    found = Application(
        id=identifier,
        name=identifier,
        vendor=None,
        category=_CATEGORY if identifier == "milestone" else "web",
        version=None,
        ports=(),
        confidence=Confidence.LOW,
        why=("the process says so",),
        lifecycle_product=None,
    )
    return APPLICATIONS.known((found,))


RULE = Rule(
    title="The server records CCTV",
    why=(
        "Cameras send day and night: all of it would cross the line to the cloud, and the "
        "recorder must stand where the cameras are when the line is down. The duties of the "
        "surveillance-camera code stay with whoever records."
    ),
    fix=(
        "Keep the recorder at the Hub or beside the cameras, or replace it by a hosted video "
        "service; tell the owner of the cameras."
    ),
    source=ON_SITE.citation,
    source_date=ON_SITE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=recognised(lambda each: each.category == _CATEGORY, severity=Severity.CONDITION),
    examples=(
        flags("milestone", _one("milestone")),
        passes("something else", _one("nginx")),
        passes("nothing", APPLICATIONS.known(())),
        cannot_tell("not told", untold(APPLICATIONS)),
    ),
)
