"""The server records no CCTV."""

from __future__ import annotations

from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.plugged import about_recognised
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_CATEGORY = "cctv"

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
    judge=about_recognised(lambda each: each.category == _CATEGORY, severity=Severity.CONDITION),
    examples=(
        flags("milestone", APPLICATIONS.known((recognised("milestone", _CATEGORY),))),
        passes("something else", APPLICATIONS.known((recognised("nginx", "web"),))),
        passes("nothing", APPLICATIONS.known(())),
        cannot_tell("not told", untold(APPLICATIONS)),
    ),
)
