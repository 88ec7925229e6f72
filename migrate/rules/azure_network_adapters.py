"""No more network adapters than Azure assesses."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.placement import VIRTUAL_NICS, VirtualNic
from migrate.judging.examples import cannot_tell, flags, interfaces, passes, untold
from migrate.judging.network import adapters_at_most
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 32

RULE = Rule(
    title="More network adapters than an Azure VM takes",
    why="Azure Migrate calls a server with more than 32 network adapters not ready.",
    fix="Join networks, or route between them instead.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=adapters_at_most(LIMIT),
    examples=(
        flags("one adapter too many", interfaces(33)),
        passes("as many adapters as may be", interfaces(32)),
        passes("many bridges, which are no adapters", interfaces(33, kind="bridge")),
        cannot_tell("the kinds of many interfaces not told", interfaces(33, kind=None)),
        passes(
            "as its hypervisor gives it",
            untold(INTERFACES),
            VIRTUAL_NICS.known((VirtualNic(name="Network adapter 1"),)),
        ),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
