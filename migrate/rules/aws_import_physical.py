"""Server is a virtual machine, of which VM Import/Export can take an image."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PHYSICAL = "none"

RULE = Rule(
    title="A physical server, which VM Import/Export does not take",
    why=(
        "VM Import/Export, one way to AWS among several, imports virtual machines, and none that "
        "were converted from a physical server."
    ),
    fix="Replicate it by AWS MGN's agent, or rebuild it.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.NONE,
    judge=about(
        VIRTUALISATION,
        lambda under: Flagged(observed="physical") if under == PHYSICAL else Passed(),
    ),
    examples=(
        flags("a physical server", VIRTUALISATION.known(PHYSICAL)),
        passes("VMware", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", untold(VIRTUALISATION)),
    ),
)
