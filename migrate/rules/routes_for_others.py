"""Server does not pass on packets between networks."""

from __future__ import annotations

from datetime import date

from inventory.model.fact import Facts, Known
from inventory.model.facts import INTERFACES
from inventory.model.network import FORWARDS_IPV4
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_addresses
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_BETWEEN = INTERFACES.known((interface("eth0", "192.0.2.4/24"), interface("eth1", "10.20.0.4/24")))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    forwards = facts.of(FORWARDS_IPV4)
    if not isinstance(forwards, Known):
        return CannotTell(missing=(FORWARDS_IPV4,))
    if not forwards.value:
        return Passed()
    seen = facts.of(INTERFACES)
    if not isinstance(seen, Known):
        return CannotTell(missing=(INTERFACES,))
    networks = {str(each.network) for each in ipv4_addresses(seen.value)}
    if len(networks) < 2:  # noqa: PLR2004 - what is passed on goes from one to another
        return Passed()
    return Flagged(observed=f"between {', '.join(sorted(networks))}")


RULE = Rule(
    title="The server passes on packets between networks",
    why=(
        "A cloud drops packets that are not addressed to the interface: on EC2 until the source "
        "and destination check is turned off, in Azure until IP forwarding is turned on; and "
        "routes to it must be set."
    ),
    fix="Plan a gateway of the cloud in its place, or these settings and the routes.",
    source="General knowledge of EC2's source and destination check and of Azure's IP forwarding",
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags("between two", FORWARDS_IPV4.known(value=True), _BETWEEN),
        passes("does not forward", FORWARDS_IPV4.known(value=False)),
        passes(
            "for its containers only",
            FORWARDS_IPV4.known(value=True),
            INTERFACES.known(
                (
                    interface("eth0", "192.0.2.4/24"),
                    interface("docker0", "172.17.0.1/16", kind="bridge"),
                )
            ),
        ),
        cannot_tell("not told", untold(FORWARDS_IPV4), _BETWEEN),
        cannot_tell("interfaces not told", FORWARDS_IPV4.known(value=True), untold(INTERFACES)),
    ),
    verified=False,
)
