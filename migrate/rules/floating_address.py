"""No address moves between this server and others."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import PROCESSES
from inventory.model.parts import Process
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.parts import names_of
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

MOVERS = frozenset({"keepalived", "ucarp", "vrrpd", "heartbeat", "pacemakerd", "wackamole"})


def _judge(processes: tuple[Process, ...]) -> Judgement:
    found = ", ".join(sorted(names_of(processes) & MOVERS))
    return Flagged(observed=found) if found else Passed()


def _running(name: str) -> Observation:
    return PROCESSES.known((Process(pid=900, name=name, command_line=name),))


RULE = Rule(
    title="An address may move between servers",
    why=(
        "VRRP and its like take an address over by telling the neighbours on the same segment. "
        "A cloud's network does not listen to that: it delivers to the interface that has the "
        "address by its own records."
    ),
    fix=(
        "Put a load balancer of the cloud in its place, or let the software move the address "
        "through the cloud's API."
    ),
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(PROCESSES, _judge),
    examples=(
        flags("Keepalived", _running("keepalived")),
        passes("none", _running("nginx")),
        cannot_tell("processes not told", untold(PROCESSES)),
    ),
)
