"""Nothing listens that takes passwords in clear text."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener, Protocol
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import CYBER_ESSENTIALS
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

SERVICES = {
    21: "FTP",
    23: "Telnet",
    512: "rexec",
    513: "rlogin",
    514: "rsh",
}
"""By TCP port, as IANA lists them."""
RSH = 514
"""Servers that gather logs listen there as well: it counts once its process is known."""


def _judge(listeners: tuple[Listener, ...]) -> Judgement:
    found = {
        f"{SERVICES[each.port]} on {each.port}/tcp"
        for each in listeners
        if each.protocol is Protocol.TCP
        and each.port in SERVICES
        and not each.is_loopback
        and not (each.port == RSH and (each.process is None or "syslog" in each.process))
    }
    return Flagged(observed=", ".join(sorted(found))) if found else Passed()


def _listens(port: int, *, address: str = "192.0.2.4", process: str | None = None) -> Listener:
    return Listener(protocol=Protocol.TCP, address=address, port=port, process=process)


RULE = Rule(
    title="A service in clear text listens",
    why=(
        "Whoever listens on the way reads names and passwords. FTP may speak TLS when it is asked "
        "to; the others cannot."
    ),
    fix="Replace it by SSH and SFTP before the move, or demand TLS of FTP and close the port.",
    source=CYBER_ESSENTIALS.citation,
    source_date=CYBER_ESSENTIALS.date,
    axis=Axis.SECURITY,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(LISTENERS, _judge),
    examples=(
        flags("Telnet", LISTENERS.known((_listens(23),))),
        flags("rsh", LISTENERS.known((_listens(514, process="xinetd"),))),
        passes("SSH", LISTENERS.known((_listens(22),))),
        passes("for itself alone", LISTENERS.known((_listens(21, address="127.0.0.1"),))),
        passes("a log server", LISTENERS.known((_listens(514, process="rsyslogd"),))),
        flags("FTP", LISTENERS.known((_listens(21),))),
        flags("rexec", LISTENERS.known((_listens(512),))),
        flags("rlogin", LISTENERS.known((_listens(513),))),
        passes("what is not known to be rsh", LISTENERS.known((_listens(514),))),
        passes(
            "the same port by UDP", LISTENERS.known((replace(_listens(21), protocol=Protocol.UDP),))
        ),
        cannot_tell("listeners not told", untold(LISTENERS)),
    ),
    verified=False,
)
