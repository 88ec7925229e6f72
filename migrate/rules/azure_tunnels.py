"""Server has no tunnel that Azure's network drops."""

from __future__ import annotations

import re

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

DROPPED = re.compile(r"(gre|gretap|erspan|tunl|ipip|sit)[\w.-]*")


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(each.name for each in seen if each.addresses and DROPPED.fullmatch(each.name))
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="A tunnel that Azure's network drops",
    why="Virtual networks of Azure block GRE and IP within IP.",
    fix="Change to a tunnel over UDP or TCP, such as WireGuard or IPsec over UDP, or do without.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("GRE", INTERFACES.known((interface("gre1", "192.0.2.9/30", kind="tunnel"),))),
        passes("none in use", INTERFACES.known((interface("tunl0", kind="tunnel"),))),
        passes("an ordinary adapter", INTERFACES.known((interface("eth0", "192.0.2.4/24"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
