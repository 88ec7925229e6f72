"""Name is one that Azure accepts."""

from __future__ import annotations

import re

from inventory.model.facts import HOSTNAME
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def _judge(name: str) -> Judgement:
    return Passed() if NAME.fullmatch(name) else Flagged(observed=repr(name))


RULE = Rule(
    title="A name that Azure does not accept",
    why=(
        "The name of a replicated VM has 1 to 63 letters, digits and hyphens, and begins and "
        "ends with a letter or digit."
    ),
    fix="Give the VM another name in the replication settings; the host name within can stay.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=about(HOSTNAME, _judge),
    examples=(
        flags("an underscore", HOSTNAME.known("web_1")),
        flags("64 letters", HOSTNAME.known("a" * 64)),
        flags("a hyphen at the end", HOSTNAME.known("web-")),
        passes("letters, digits, hyphen", HOSTNAME.known("web-1")),
        passes("63 letters", HOSTNAME.known("a" * 63)),
        cannot_tell("not told", untold(HOSTNAME)),
    ),
)
