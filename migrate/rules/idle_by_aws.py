"""Server is in use, by AWS's definition of idle and zombie servers."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.utilisation import HISTORY, UTILISATION_TOLD
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.idleness import MEASURES, by_aws
from migrate.judging.sources import AWS_SEVEN_RS
from migrate.judging.use_examples import told, watched
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    found = by_aws(facts)
    if found.usage is None:
        measured = any(isinstance(facts.of(key), Known) for key in MEASURES)
        return CannotTell(missing=MEASURES, because=found.evidence if measured else "")
    if found.proposes_retirement:
        return Flagged(observed=f"{found.usage.value}: {found.evidence}")
    return Passed()


RULE = Rule(
    title="Idle or zombie server, as AWS defines it",
    why="Below 5 % of processor and memory over 90 days AWS calls a server a zombie, below 20 % "
    "idle: a candidate for retirement.",
    fix="Ask its owner whether it is still needed; if not, retire it in place of a move.",
    source=AWS_SEVEN_RS.citation,
    source_date=AWS_SEVEN_RS.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=_judge,
    examples=(
        flags("a zombie", watched(90, cpu=4.9, memory=4.9)),
        flags("idle", watched(90, cpu=1, memory=19.9)),
        flags("idle, as another tool tells", told(90, cpu=1, memory=10)),
        passes("in use", watched(90, cpu=1, memory=20)),
        passes("busy, whatever its memory", watched(90, cpu=20)),
        cannot_tell("watched too briefly", watched(89, cpu=0, memory=0, network=0)),
        cannot_tell("memory not measured", watched(90, cpu=1, network=0)),
        cannot_tell("not told", untold(HISTORY), untold(UTILISATION_TOLD)),
    ),
)
