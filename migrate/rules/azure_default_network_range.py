"""No address is in the range that Azure's portal proposes."""

from __future__ import annotations

from ipaddress import IPv4Network

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_addresses, is_within
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RANGE = IPv4Network("10.0.0.0/16")


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(str(each) for each in ipv4_addresses(seen) if is_within(each, RANGE))
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="An address in the range that Azure's portal proposes",
    why=(
        "The portal proposes 10.0.0.0/16 for a virtual network. Networks that overlap can be "
        "joined neither with each other nor with the building."
    ),
    fix="Use a range of your own, planned with the networks that stay.",
    source=(
        "Azure's portal (general knowledge); that ranges must not overlap: Azure Virtual Network "
        "FAQ, articles/virtual-network/virtual-networks-faq.md@004ec532"
    ),
    source_date=AZURE_NETWORK.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.NONE,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("within", INTERFACES.known((interface("eth0", "10.0.4.5/24"),))),
        passes("outside", INTERFACES.known((interface("eth0", "10.1.4.5/24"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
    verified=False,
)
