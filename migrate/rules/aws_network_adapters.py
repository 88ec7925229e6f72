"""No more network adapters than an EC2 instance takes."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.placement import VIRTUAL_NICS, VirtualNic
from migrate.judging.examples import cannot_tell, flags, interfaces, passes, untold
from migrate.judging.network import adapters_at_most
from migrate.judging.sources import AWS_INSTANCE_TYPES
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 64

RULE = Rule(
    title="More network adapters than an EC2 instance takes",
    why="No type offered in London takes more than 64 network interfaces.",
    fix="Join networks, or route between them instead.",
    source=AWS_INSTANCE_TYPES.citation,
    source_date=AWS_INSTANCE_TYPES.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=adapters_at_most(LIMIT),
    examples=(
        flags("one adapter too many", interfaces(65)),
        passes("as many adapters as may be", interfaces(64)),
        passes("many bridges, which are no adapters", interfaces(65, kind="bridge")),
        cannot_tell("the kinds of many interfaces not told", interfaces(65, kind=None)),
        passes(
            "as its hypervisor gives it",
            untold(INTERFACES),
            VIRTUAL_NICS.known((VirtualNic(name="Network adapter 1"),)),
        ),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
