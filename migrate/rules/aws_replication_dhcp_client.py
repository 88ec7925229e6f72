"""DHCP client is there for the first boot on EC2."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, PACKAGES
from inventory.model.parts import Package
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.parts import names_of
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

CLIENTS = frozenset({"dhclient", "dhcp-client", "isc-dhcp-client"})

_LINUX = OS_FAMILY.known("linux")


def _judge(packages: tuple[Package, ...]) -> Judgement:
    if names_of(packages) & CLIENTS:
        return Passed()
    return Flagged(observed="none of " + ", ".join(sorted(CLIENTS)))


RULE = Rule(
    title="No DHCP client that AWS MGN knows",
    why="AWS MGN asks for dhclient, by which the launched instance takes its address.",
    fix="Install dhclient, or see in the test launch that another client takes an address.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(PACKAGES, _judge)),
    examples=(
        flags("systemd-networkd only", _LINUX, PACKAGES.known((installed("systemd", "252"),))),
        passes("Debian's", _LINUX, PACKAGES.known((installed("isc-dhcp-client", "4.4.3-P1"),))),
        passes(
            "RHEL's", _LINUX, PACKAGES.known((installed("dhcp-client", "12:4.4.2-19.el9", "rpm"),))
        ),
        spares("Windows", OS_FAMILY.known("windows")),
        passes(
            "among others",
            _LINUX,
            PACKAGES.known((installed("isc-dhcp-client", "4.4.3-P1"), installed("systemd", "252"))),
        ),
        cannot_tell("packages not told", _LINUX, untold(PACKAGES)),
    ),
)
