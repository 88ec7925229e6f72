"""Server is in use, by Azure Migrate's definition of idle and zombie servers."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.utilisation import HISTORY, UTILISATION_TOLD
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.idleness import MEASURES, by_azure_migrate
from migrate.judging.sources import AZURE_BUSINESS_CASE
from migrate.judging.use_examples import told, watched
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    found = by_azure_migrate(facts)
    if found.usage is None:
        measured = any(isinstance(facts.of(key), Known) for key in MEASURES)
        return CannotTell(missing=MEASURES, because=found.evidence if measured else "")
    if found.proposes_retirement:
        return Flagged(observed=f"{found.usage.value}: {found.evidence}")
    return Passed()


RULE = Rule(
    title="Idle or zombie server, as Azure Migrate defines it",
    why="Azure Migrate calls a server that uses nothing a zombie, to be decommissioned, and one "
    "below its thresholds idle.",
    fix="Ask its owner whether it is still needed; if not, retire it in place of a move.",
    source=AZURE_BUSINESS_CASE.citation,
    source_date=AZURE_BUSINESS_CASE.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=_judge,
    examples=(
        flags("a zombie", watched(30, cpu=0, memory=0, network=0)),
        flags("idle", watched(30, cpu=5, memory=5, network=10)),
        flags("idle, as another tool tells", told(30, cpu=1, memory=4)),
        passes("in use", watched(30, cpu=6, memory=6, network=10)),
        passes("busy by one measure only", watched(30, cpu=1, memory=40, network=10)),
        cannot_tell("its network not measured", watched(30, cpu=0, memory=0)),
        cannot_tell("watched too briefly", watched(29, cpu=0, memory=0, network=0)),
        cannot_tell("memory not measured", watched(30, cpu=1, network=0)),
        cannot_tell("not told", untold(HISTORY), untold(UTILISATION_TOLD)),
    ),
)
