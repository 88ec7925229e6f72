"""The processor is of a design younger than seven years."""

from __future__ import annotations

from datetime import timedelta

from inventory.model.fact import Facts, Known
from inventory.model.facts import CPU_MODEL, VIRTUALISATION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.sources import SPECPOWER
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

OLD = timedelta(days=7 * 365)

_PHYSICAL = VIRTUALISATION.known("none")


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    model = facts.of(CPU_MODEL)
    if not isinstance(model, Known):
        return CannotTell(missing=(CPU_MODEL,))
    since = around.processor_since(model.value)
    if since is None:
        because = f"the catalogue does not know since when there is {model.value}"
        return CannotTell(missing=(CPU_MODEL,), because=because)
    if around.today - since <= OLD:
        return Passed()
    return Flagged(observed=f"{model.value}, measured since {since:%Y}")


RULE = Rule(
    title="The processor is of a design older than seven years",
    why=(
        "Hardware of that design is likely at the end of its maker's support or past it, and does "
        "less for each watt than what a cloud or a new server gives. The server itself may be "
        "younger than its processor's design."
    ),
    fix=(
        "Ask for the end of the support contract; move the server early, and do not take the "
        "hardware to the Hub."
    ),
    source=SPECPOWER.citation,
    source_date=SPECPOWER.date,
    axis=Axis.SUPPORT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(_judge),
    examples=(
        flags("of 2012", _PHYSICAL, CPU_MODEL.known("Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz")),
        flags(
            "of 2010", _PHYSICAL, CPU_MODEL.known("Intel(R) Xeon(R) CPU           X5670  @ 2.93GHz")
        ),
        passes("of 2024", _PHYSICAL, CPU_MODEL.known("AMD EPYC 9965 192-Core Processor")),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("never measured", _PHYSICAL, CPU_MODEL.known("Sample Processor 1")),
        cannot_tell("not told", _PHYSICAL, untold(CPU_MODEL)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION)),
    ),
)
