"""Hardware clock keeps universal time, as a cloud's does."""

from __future__ import annotations

from datetime import date

from inventory.model.network import RTC_LOCAL
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="The hardware clock keeps local time",
    why=(
        "The clock that a cloud shows a server keeps universal time. A system that takes it for "
        "local time is an hour off in summer until its time client corrects it."
    ),
    fix="Set the hardware clock to universal time (timedatectl set-local-rtc 0) before the move.",
    source="General knowledge of EC2 and Azure, no page read",
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(
        RTC_LOCAL,
        lambda local: Flagged(observed="local time") if local else Passed(),
    ),
    examples=(
        flags("local", RTC_LOCAL.known(value=True)),
        passes("universal", RTC_LOCAL.known(value=False)),
        cannot_tell("not told", untold(RTC_LOCAL)),
    ),
    verified=False,
)
