"""Host name is one of its own."""

from __future__ import annotations

from inventory.model.facts import HOSTNAME
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

DEFAULTS = frozenset({"", "localhost", "localhost.localdomain", "(none)"})


def _judge(name: str) -> Judgement:
    return Flagged(observed=repr(name)) if name.lower() in DEFAULTS else Passed()


RULE = Rule(
    title="Empty or default host name",
    why="A server without a name of its own cannot be told apart from others after the move.",
    fix="Give the server a host name.",
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(HOSTNAME, _judge),
    examples=(
        flags("localhost", HOSTNAME.known("localhost")),
        flags("empty", HOSTNAME.known("")),
        passes("a name", HOSTNAME.known("web-1")),
        cannot_tell("not told", untold(HOSTNAME)),
    ),
)
