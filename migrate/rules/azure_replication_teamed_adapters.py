"""No network adapters are teamed."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, interfaces, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

TEAMS = frozenset({"bond", "team"})


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    teams = ", ".join(each.name for each in seen if each.kind in TEAMS)
    if teams:
        return Flagged(observed=teams)
    unsure = ", ".join(each.name for each in seen if each.kind is None and each.name != "lo")
    if unsure:
        return CannotTell(missing=(INTERFACES,), because=f"the kind of {unsure} was not told")
    return Passed()


RULE = Rule(
    title="Network adapters are teamed",
    why="Azure Migrate does not replicate servers with teamed network adapters.",
    fix="Take the team apart before replication; a VM in Azure needs none.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.HOURS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("a bond", INTERFACES.known((interface("eth0"), interface("bond0", kind="bond")))),
        passes("single adapters", interfaces(2)),
        passes(
            "the loopback, whatever it is",
            INTERFACES.known((interface("eth0"), interface("lo", kind=None))),
        ),
        cannot_tell("kind not told", interfaces(1, kind=None)),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
