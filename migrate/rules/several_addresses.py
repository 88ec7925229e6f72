"""No adapter has several IPv4 addresses."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_of
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = [f"{each.name} has {count}" for each in seen if (count := len(ipv4_of(each))) > 1]
    return Flagged(observed=", ".join(found)) if found else Passed()


RULE = Rule(
    title="Several addresses on one adapter",
    why=(
        "A cloud delivers only to addresses that its interface was given as well; one that is "
        "configured in the system alone is silent. The smallest EC2 types take two for each "
        "interface."
    ),
    fix="Find out what each address is for, and list those that are needed for the new interface.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("two", INTERFACES.known((interface("eth0", "192.0.2.4/24", "192.0.2.5/24"),))),
        passes(
            "IPv4 and IPv6", INTERFACES.known((interface("eth0", "192.0.2.4/24", "fd00::4/8"),))
        ),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
