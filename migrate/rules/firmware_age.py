"""The firmware is younger than five years."""

from __future__ import annotations

from datetime import date, timedelta

from inventory.model.fact import Facts, Known
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import FIRMWARE_DATE
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.sources import OWN_REASONING
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

OLD = timedelta(days=5 * 365)

_PHYSICAL = VIRTUALISATION.known("none")


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    made = facts.of(FIRMWARE_DATE)
    if not isinstance(made, Known):
        return CannotTell(missing=(FIRMWARE_DATE,))
    return Flagged(observed=f"of {made.value}") if around.today - made.value > OLD else Passed()


RULE = Rule(
    title="The firmware is older than five years",
    why=(
        "Either nobody has updated it, or its maker no longer does: the processor's known "
        "faults stay open, and the hardware is near or past the end of its support. Five "
        "years, the usual term of a support contract, is our own measure."
    ),
    fix=(
        "Update the firmware if the server goes to the Hub or has to stay long; else let its "
        "age speak for moving it early."
    ),
    source=OWN_REASONING.citation,
    source_date=OWN_REASONING.date,
    axis=Axis.SUPPORT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_physical(_judge),
    examples=(
        flags("of 2019", _PHYSICAL, FIRMWARE_DATE.known(date(2019, 5, 2))),
        passes("of 2025", _PHYSICAL, FIRMWARE_DATE.known(date(2025, 5, 2))),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        flags("of a day more than five years", _PHYSICAL, FIRMWARE_DATE.known(date(2021, 11, 23))),
        passes("of five years", _PHYSICAL, FIRMWARE_DATE.known(date(2021, 11, 24))),
        cannot_tell("not told", _PHYSICAL, untold(FIRMWARE_DATE)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION)),
    ),
    verified=False,
)
