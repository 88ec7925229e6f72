"""Server has an address that others can reach."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import addresses
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    return Passed() if addresses(seen) else Flagged(observed="no address")


RULE = Rule(
    title="No address was seen",
    why="Without an address neither the network of the new server nor its clients can be planned.",
    fix="Find out how the server is reached, and ask it again.",
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags(
            "loopback only", INTERFACES.known((interface("lo", "127.0.0.1/8", kind="loopback"),))
        ),
        passes("an address", INTERFACES.known((interface("eth0", "192.0.2.4/24"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
