"""Addresses come from DHCP, as in the cloud."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.fact import Observation
from inventory.model.facts import INTERFACES
from inventory.model.parts import AddressMethod, Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, untold
from migrate.judging.network import ipv4_of
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_NETWORK
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    addressed = [each for each in seen if ipv4_of(each)]
    fixed = [each.name for each in addressed if each.method is AddressMethod.STATIC]
    if fixed:
        return Flagged(observed=", ".join(fixed))
    if any(each.method is None for each in addressed):
        because = "how the adapters come by their addresses was not told"
        return CannotTell(missing=(INTERFACES,), because=because)
    return Passed()


def _eth(name: str, method: AddressMethod | None) -> Interface:
    return replace(interface(name, "192.0.2.4/24"), method=method)


def _by(method: AddressMethod | None) -> Observation:
    return INTERFACES.known((_eth("eth0", method),))


RULE = Rule(
    title="An address that is configured in the system",
    why=(
        "Both clouds give addresses by DHCP. When the system has another one than its interface "
        "was given, it cannot be reached; a fixed address is set in the cloud, not in the system."
    ),
    fix="Change the system to DHCP with the move, and fix the address at the cloud's interface.",
    source=AZURE_NETWORK.citation,
    source_date=AZURE_NETWORK.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(INTERFACES, _judge),
    examples=(
        flags("fixed", _by(AddressMethod.STATIC)),
        passes("DHCP", _by(AddressMethod.DHCP)),
        passes(
            "DHCP, beside an adapter without an address",
            INTERFACES.known((_eth("eth0", AddressMethod.DHCP), interface("eth1"))),
        ),
        passes(
            "DHCP, beside a fixed adapter without an address",
            INTERFACES.known(
                (
                    _eth("eth0", AddressMethod.DHCP),
                    replace(interface("eth1"), method=AddressMethod.STATIC),
                )
            ),
        ),
        cannot_tell("not told which", _by(None)),
        cannot_tell("interfaces not told", untold(INTERFACES)),
        cannot_tell(
            "of one of two not told",
            INTERFACES.known((_eth("eth0", AddressMethod.DHCP), _eth("eth1", None))),
        ),
    ),
)
