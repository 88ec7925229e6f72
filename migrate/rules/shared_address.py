"""No other server of the estate has one of its addresses."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import INTERFACES
from migrate.judging.derived import SHARED_ADDRESSES
from migrate.judging.estatewide import none_shared
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="Another server has the same address",
    why=(
        "Two servers with one address are a mistake, one record too many of the same server, or "
        "members of a cluster that share it. Neither cloud gives one address to two servers in "
        "a network."
    ),
    fix="Find out which it is; correct the address, merge the records, or plan the cluster as one.",
    source="RFC 5227, IPv4 Address Conflict Detection",
    source_date=date(2008, 7, 1),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=none_shared(SHARED_ADDRESSES, INTERFACES),
    examples=(
        flags("one shared", SHARED_ADDRESSES.known(("192.0.2.4 (also web-2)",))),
        passes("none", SHARED_ADDRESSES.known(())),
        cannot_tell("addresses not known", untold(SHARED_ADDRESSES)),
    ),
)
