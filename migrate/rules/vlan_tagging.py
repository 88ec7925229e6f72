"""Server does not tell networks apart by VLANs itself."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, interfaces, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

VLAN = "vlan"


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(each.name for each in seen if each.kind == VLAN or each.vlan is not None)
    if found:
        return Flagged(observed=found)
    unsure = ", ".join(each.name for each in seen if each.kind is None and each.name != "lo")
    if unsure:
        return CannotTell(missing=(INTERFACES,), because=f"the kind of {unsure} was not told")
    return Passed()


RULE = Rule(
    title="The server tags VLANs itself",
    why=(
        "A cloud's network begins at the third layer and carries no VLANs: each network becomes "
        "a subnet, and each VLAN of the server an interface of its own."
    ),
    fix="Plan a subnet and an interface for each VLAN that is still needed.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("a VLAN", INTERFACES.known((interface("eth0.20", "192.0.2.4/24", kind="vlan"),))),
        passes("none", interfaces(2)),
        flags(
            "an adapter that carries one", INTERFACES.known((replace(interface("eth0"), vlan=20),))
        ),
        passes(
            "the loopback, whatever it is",
            INTERFACES.known((interface("eth0"), interface("lo", kind=None))),
        ),
        cannot_tell("kind not told", interfaces(1, kind=None)),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
