"""Every update is installed."""

from __future__ import annotations

from inventory.model.software import UPDATES_PENDING
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import CYBER_ESSENTIALS
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(count: int) -> Judgement:
    return Flagged(observed=f"{count} updates wait") if count else Passed()


RULE = Rule(
    title="Updates wait to be installed",
    why=(
        "Cyber Essentials asks for those against serious weaknesses within 14 days. How many of "
        "them are such, the count does not tell."
    ),
    fix="Install them and test, before replication begins rather than between test and cut-over.",
    source=CYBER_ESSENTIALS.citation,
    source_date=CYBER_ESSENTIALS.date,
    axis=Axis.SECURITY,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(UPDATES_PENDING, _judge),
    examples=(
        flags("some wait", UPDATES_PENDING.known(12)),
        passes("none waits", UPDATES_PENDING.known(0)),
        cannot_tell("not counted", untold(UPDATES_PENDING)),
    ),
    verified=False,
)
