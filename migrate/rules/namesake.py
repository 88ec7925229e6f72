"""No other server of the estate has its name."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import HOSTNAME
from migrate.judging.derived import NAMESAKES
from migrate.judging.estatewide import none_shared
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Another server has the same host name",
    why=(
        "Names lead clients, certificates and the directory to a server. Two servers of one name, "
        "often clones or restored copies, cannot both be reached by it in the same network."
    ),
    fix="Find out which of them is in use; rename or retire the other, or merge the records.",
    source="General knowledge of DNS and Active Directory, in which names are unique",
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=none_shared(NAMESAKES, HOSTNAME),
    examples=(
        flags("a clone", NAMESAKES.known(("web-1 (test)",))),
        passes("none", NAMESAKES.known(())),
        cannot_tell("host name not known", untold(NAMESAKES)),
    ),
    verified=False,
)
