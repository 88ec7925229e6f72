"""No address is one by which a cloud offers its own services."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

KEPT = {
    "168.63.129.16": "Azure's platform",
    "169.254.169.123": "time on AWS",
    "169.254.169.253": "names on AWS",
    "169.254.169.254": "metadata of both clouds",
}


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    own = {address.split("/")[0] for each in seen for address in each.addresses}
    found = ", ".join(f"{each}, {KEPT[each]}" for each in sorted(own & KEPT.keys()))
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="An address by which a cloud offers its own services",
    why=(
        "Servers in the cloud ask these addresses for metadata, names, time and health. A server "
        "that has one itself cannot reach the service, and its agent does not start."
    ),
    fix="Give the server another address before the move.",
    source=(
        "What is IP address 168.63.129.16, MicrosoftDocs/azure-docs articles/virtual-network/"
        "what-is-ip-address-168-63-129-16.md; those of AWS by general knowledge"
    ),
    source_date=date(2023, 3, 30),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("the metadata's", INTERFACES.known((interface("eth1", "169.254.169.254/32"),))),
        passes("another", INTERFACES.known((interface("eth0", "192.0.2.4/24"),))),
        cannot_tell("interfaces not told", untold(INTERFACES)),
    ),
    verified=False,
)
