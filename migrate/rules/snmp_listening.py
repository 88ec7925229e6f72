"""No SNMP agent answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener, Protocol
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PORT = 161


def _judge(listeners: tuple[Listener, ...]) -> Judgement:
    found = any(
        each.port == PORT and each.protocol is Protocol.UDP and not each.is_loopback
        for each in listeners
    )
    return Flagged(observed="161/udp is open") if found else Passed()


def _listens(address: str) -> Listener:
    return Listener(protocol=Protocol.UDP, address=address, port=161)


RULE = Rule(
    title="An SNMP agent answers; its version must be asked",
    why=(
        "Versions 1 and 2c carry their community, a password, in clear text. Which versions it "
        "speaks is not read, because the community stands beside it."
    ),
    fix="Allow version 3 alone, or leave SNMP to the monitoring of the cloud.",
    source=(
        "RFC 3410, section 8 (SNMP versions 1 and 2c have no security), rfc-editor.org/rfc/rfc3410"
    ),
    source_date=date(2002, 12, 1),
    axis=Axis.SECURITY,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(LISTENERS, _judge),
    examples=(
        flags("open to others", LISTENERS.known((_listens("192.0.2.4"),))),
        passes("for itself alone", LISTENERS.known((_listens("127.0.0.1"),))),
        passes("nothing listens", LISTENERS.known(())),
        passes("another port", LISTENERS.known((replace(_listens("192.0.2.4"), port=162),))),
        passes(
            "the same port by TCP",
            LISTENERS.known((replace(_listens("192.0.2.4"), protocol=Protocol.TCP),)),
        ),
        cannot_tell("listeners not told", untold(LISTENERS)),
    ),
    verified=False,
)
