"""No address is one that a cloud keeps in each subnet."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Interface

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_addresses
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

KEPT_FIRST = 4
SMALLEST = 4
"""Addresses below which there is no subnet with one to keep."""


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(str(each) for each in ipv4_addresses(seen) if _is_kept(each))
    return Flagged(observed=found) if found else Passed()


def _is_kept(address: IPv4Interface) -> bool:
    size = 1 << (address.max_prefixlen - address.network.prefixlen)
    place = int(address) % size
    return size >= SMALLEST and (place < KEPT_FIRST or place == size - 1)


RULE = Rule(
    title="An address among the first of its subnet",
    why=(
        "AWS and Azure both keep the first four addresses of each subnet and the last one. Where "
        "the subnet moves as it is, the server cannot keep such an address."
    ),
    fix="Give the server another address before or with the move.",
    source=(
        "EC2 API reference, CreateSubnet (page without date); Azure Virtual Network FAQ, "
        "MicrosoftDocs/azure-docs articles/virtual-network/virtual-networks-faq.md@004ec532"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("the third", INTERFACES.known((interface("eth0", "192.0.2.3/24"),))),
        flags("first of a smaller subnet", INTERFACES.known((interface("eth0", "192.0.2.65/26"),))),
        passes("the fourth", INTERFACES.known((interface("eth0", "192.0.2.4/24"),))),
        passes("no subnet", INTERFACES.known((interface("eth0", "192.0.2.1/32"),))),
        flags("the last", INTERFACES.known((interface("eth0", "192.0.2.255/24"),))),
        flags("in a subnet of four", INTERFACES.known((interface("eth0", "192.0.2.1/30"),))),
        passes("in a subnet of two", INTERFACES.known((interface("eth0", "192.0.2.1/31"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
