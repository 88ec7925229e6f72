"""No address of the internet is on the server itself."""

from __future__ import annotations

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_addresses, is_public
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(str(each) for each in ipv4_addresses(seen) if is_public(each))
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="A public address on the server itself",
    why=(
        "In both clouds a server has a private address, and a public one is translated to it. "
        "What tells its own address to others, such as passive FTP, SIP or a licence, then tells "
        "the wrong one; and the present address does not come along."
    ),
    fix="Tell the software its public address, and plan the change of names and of others' rules.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("a public one", INTERFACES.known((interface("eth0", "8.8.8.8/24"),))),
        passes("a private one", INTERFACES.known((interface("eth0", "10.20.0.4/24"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
)
