"""Operating system stays maintained for a year and until the Hub opens."""

from __future__ import annotations

from datetime import date, timedelta

from inventory.model.facts import OS_ID, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.software import ended, unknown_release
from migrate.judging.sources import LIFECYCLE
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, NotApplicable, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

AHEAD = timedelta(days=365)


def _judge(found: System, around: Surroundings) -> Judgement:
    end = around.lifecycle(found.product, found.version)
    if end is None:
        return unknown_release(OS_VERSION, str(found))
    if ended(end, around):
        return NotApplicable()
    needed = max(around.today + AHEAD, around.hub_opens or date.min)
    if isinstance(end, date) and end < needed:
        return Flagged(observed=f"{found} ends on {end}")
    return Passed()


RULE = Rule(
    title="Support of the operating system ends soon",
    why=(
        "It ends within a year, or before the Hub opens: the move would deliver a server that "
        "must be replaced at once."
    ),
    fix="Upgrade the system with the move, or rebuild on a release that lasts.",
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about_system(_judge),
    examples=(
        flags("ends within a year", OS_ID.known("windows-server"), OS_VERSION.known("2016")),
        passes("lasts for years", OS_ID.known("ubuntu"), OS_VERSION.known("24.04")),
        spares("ended already", OS_ID.known("debian"), OS_VERSION.known("9")),
        passes("of no announced end", OS_ID.known("photon"), OS_VERSION.known("5.0")),
        cannot_tell("not in the catalogue", OS_ID.known("debian"), OS_VERSION.known("99")),
        cannot_tell("release not told", OS_ID.known("debian"), untold(OS_VERSION)),
    ),
)
