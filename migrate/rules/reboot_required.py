"""No update waits for a restart."""

from __future__ import annotations

from inventory.model.software import REBOOT_REQUIRED
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import CYBER_ESSENTIALS
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(required: bool) -> Judgement:  # noqa: FBT001 - as the fact is
    return Flagged(observed="updates wait for a restart") if required else Passed()


RULE = Rule(
    title="Updates wait for a restart",
    why=(
        "What was updated on disk still runs as it was, and the first start at the new place "
        "brings a change that nobody tested."
    ),
    fix="Restart it before the move, and test it then.",
    source=CYBER_ESSENTIALS.citation,
    source_date=CYBER_ESSENTIALS.date,
    axis=Axis.SECURITY,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(REBOOT_REQUIRED, _judge),
    examples=(
        flags("it waits", REBOOT_REQUIRED.known(value=True)),
        passes("nothing waits", REBOOT_REQUIRED.known(value=False)),
        cannot_tell("nothing keeps note", untold(REBOOT_REQUIRED)),
    ),
    verified=False,
)
