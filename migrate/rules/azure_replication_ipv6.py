"""No address is an IPv6 one."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import addresses
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

IPV6 = 6


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(str(each) for each in addresses(seen) if each.version == IPV6)
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="The server has an IPv6 address",
    why=(
        "Azure Migrate does not support IPv6: the address is not carried over. Addresses of "
        "the link alone do not count."
    ),
    fix=(
        "Make sure that clients reach the server by IPv4, or give it an IPv6 address in Azure "
        "afterwards."
    ),
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags(
            "a global address",
            INTERFACES.known((interface("eth0", "192.0.2.4/24", "2001:db8::4/64"),)),
        ),
        passes(
            "a link-local address only",
            INTERFACES.known((interface("eth0", "192.0.2.4/24", "fe80::4/64"),)),
        ),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
