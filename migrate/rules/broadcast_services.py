"""Nothing waits for broadcasts or multicasts of its network."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address

from inventory.model.fact import Observation
from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener, Protocol
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

SERVICES_BY_PORT = {
    67: "DHCP",
    137: "NetBIOS names",
    138: "NetBIOS datagrams",
    319: "PTP",
    320: "PTP",
    427: "SLP",
    520: "RIP",
    694: "Heartbeat",
    1900: "SSDP",
    1985: "HSRP",
    3702: "WS-Discovery",
    5405: "Corosync",
    45588: "JGroups",
    54327: "Hazelcast",
}
"""By UDP port. What only serves the link's own names (mDNS, LLMNR) is left out: many Linux
servers have it, and miss nothing without it."""


def _judge(listeners: tuple[Listener, ...]) -> Judgement:
    waiting = [each for each in listeners if each.protocol is Protocol.UDP and not each.is_loopback]
    found = {
        f"{SERVICES_BY_PORT[each.port]} ({each.port}/udp)"
        for each in waiting
        if each.port in SERVICES_BY_PORT
    }
    found |= {f"{each.address}:{each.port}/udp" for each in waiting if _is_multicast(each.address)}
    return Flagged(observed=", ".join(sorted(found))) if found else Passed()


# The servers of an estate wait on few different addresses.
@lru_cache(maxsize=4_096)
def _is_multicast(address: str) -> bool:
    try:
        return ip_address(address.split("%", maxsplit=1)[0]).is_multicast
    except ValueError:
        return False


def _listening(address: str, port: int) -> Observation:
    return LISTENERS.known((Listener(protocol=Protocol.UDP, address=address, port=port),))


RULE = Rule(
    title="Something waits for broadcasts or multicasts",
    why=(
        "Azure carries neither broadcasts nor multicasts, and AWS carries multicasts only through "
        "a transit gateway that is set up for them, by general knowledge. Members do not find "
        "each other, and DHCP is the cloud's own."
    ),
    fix="Name the partners one by one (unicast), or use the cloud's service in its place.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(LISTENERS, _judge),
    examples=(
        flags("a DHCP server", _listening("0.0.0.0", 67)),  # noqa: S104 - an example
        flags("a group's address", _listening("239.192.1.1", 5000)),
        passes("names of the link", _listening("0.0.0.0", 5353)),  # noqa: S104 - an example
        passes("nothing", LISTENERS.known(())),
        flags("a group of a link", _listening("ff02::12%eth0", 5000)),
        passes("for itself alone", _listening("127.0.0.1", 67)),
        passes(
            "the same port by TCP",
            LISTENERS.known((Listener(protocol=Protocol.TCP, address="192.0.2.4", port=694),)),
        ),
        passes("an address that is none", _listening("*", 5000)),
        cannot_tell("listeners not told", untold(LISTENERS)),
    ),
)
