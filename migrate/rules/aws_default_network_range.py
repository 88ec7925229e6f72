"""No address is in the range of AWS's default network."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Network

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_addresses, is_within
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RANGE = IPv4Network("172.31.0.0/16")


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(str(each) for each in ipv4_addresses(seen) if is_within(each, RANGE))
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="An address in the range of AWS's default network",
    why=(
        "AWS makes a default VPC with 172.31.0.0/16 in each region. From it the server's present "
        "network cannot be reached, nor can the two be joined."
    ),
    fix="Use a VPC with a range of its own, planned with the networks that stay.",
    source="Default VPCs (page without date), docs.aws.amazon.com/vpc/latest/userguide/"
    "default-vpc.html",
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.NONE,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("within", INTERFACES.known((interface("eth0", "172.31.4.5/20"),))),
        passes("outside", INTERFACES.known((interface("eth0", "172.30.4.5/20"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
