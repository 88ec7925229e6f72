"""Server has an IPv4 address, which every network of Azure needs."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import addresses, ipv4_addresses
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = addresses(seen)
    if not found:
        return CannotTell(missing=(INTERFACES,), because="no address was seen at all")
    if ipv4_addresses(seen):
        return Passed()
    return Flagged(observed=", ".join(str(each) for each in found))


RULE = Rule(
    title="IPv6 only",
    why="A virtual network of Azure carries IPv4 alone or IPv4 and IPv6, but never IPv6 alone.",
    fix="Give the server an IPv4 address as well, and see that its services listen on it.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("IPv6", INTERFACES.known((interface("eth0", "2001:db8::4/64"),))),
        passes("both", INTERFACES.known((interface("eth0", "192.0.2.4/24", "2001:db8::4/64"),))),
        cannot_tell("no address", INTERFACES.known((interface("eth0"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
