"""The server is switched on."""

from __future__ import annotations

from inventory.model.placement import POWER, Power
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(power: Power) -> Judgement:
    return Passed() if power is Power.ON else Flagged(observed=power.value)


RULE = Rule(
    title="The server is switched off",
    why=(
        "Agents of AWS MGN and Azure Migrate replicate a server that runs; nobody can ask "
        "this one what it holds either. A server that nobody misses need not be moved."
    ),
    fix=(
        "Ask its owner whether it is still needed: retire it, or switch it on for discovery "
        "and replication. As an image it can be exported as it is."
    ),
    source=AWS_REPLICATION.citation,
    source_date=AWS_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(POWER, _judge),
    examples=(
        flags("off", POWER.known(Power.OFF)),
        flags("suspended", POWER.known(Power.SUSPENDED)),
        passes("on", POWER.known(Power.ON)),
        cannot_tell("not told", untold(POWER)),
    ),
)
