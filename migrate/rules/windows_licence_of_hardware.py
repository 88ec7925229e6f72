"""No Windows licence was bought with the hardware."""

from __future__ import annotations

from datetime import date

from inventory.model.fact import Facts, Known
from inventory.model.facts import OS_FAMILY, VIRTUALISATION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PHYSICAL = "none"


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    on = facts.of(VIRTUALISATION)
    if not isinstance(on, Known):
        return CannotTell(missing=(VIRTUALISATION,))
    return Flagged(observed="Windows on a physical server") if on.value == PHYSICAL else Passed()


_WINDOWS = OS_FAMILY.known("windows")

RULE = Rule(
    title="The Windows licence may belong to the hardware",
    why="A licence that came with a server (OEM) ends with that server and moves nowhere.",
    fix="Look at the licence label or the order; reckon with a new licence at the new place.",
    source="Microsoft's licence terms for OEM copies (general knowledge, no page read)",
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_family("windows", _judge),
    examples=(
        flags("physical", _WINDOWS, VIRTUALISATION.known("none")),
        passes("virtual", _WINDOWS, VIRTUALISATION.known("vmware")),
        spares("Linux", OS_FAMILY.known("linux")),
        cannot_tell("hardware not told", _WINDOWS, untold(VIRTUALISATION)),
    ),
    verified=False,
)
