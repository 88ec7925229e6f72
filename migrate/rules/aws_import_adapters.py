"""Server has a single network adapter, as VM Import/Export leaves it."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.placement import VIRTUAL_NICS, VirtualNic
from migrate.judging.examples import cannot_tell, flags, interfaces, passes, untold
from migrate.judging.network import adapters_at_most
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Several network adapters, of which VM Import/Export leaves one",
    why=(
        "A server that VM Import/Export, one way to AWS among several, has imported has a "
        "single adapter, and takes its address from DHCP."
    ),
    fix="Add the further interfaces to the instance after the import.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=adapters_at_most(1),
    examples=(
        flags("two adapters", interfaces(2)),
        passes("one adapter", interfaces(1)),
        passes(
            "one, as its hypervisor gives it",
            untold(INTERFACES),
            VIRTUAL_NICS.known((VirtualNic(name="Network adapter 1"),)),
        ),
        cannot_tell("the kinds of two interfaces not told", interfaces(2, kind=None)),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
