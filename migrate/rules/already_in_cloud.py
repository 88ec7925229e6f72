"""The server does not run in a cloud already."""

from __future__ import annotations

from inventory.model.hardware import CLOUD
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import OWN_REASONING
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_NONE = "none"


def _judge(cloud: str) -> Judgement:
    return Passed() if cloud == _NONE else Flagged(observed=cloud)


RULE = Rule(
    title="The server runs in a cloud already",
    why=(
        "It does not leave a data centre by this move. Where it is in the cloud that is "
        "judged here there is nothing to move; from another, network, images and licences are "
        "that cloud's."
    ),
    fix=("Ask whether it belongs to the move at all; if so, plan it with its own cloud's means."),
    source=OWN_REASONING.citation,
    source_date=OWN_REASONING.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.NONE,
    judge=about(CLOUD, _judge),
    examples=(
        flags("AWS", CLOUD.known("aws")),
        flags("OpenStack", CLOUD.known("openstack")),
        passes("no cloud", CLOUD.known("none")),
        cannot_tell("not told", untold(CLOUD)),
    ),
)
