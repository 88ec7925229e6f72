"""Nothing is plugged into a serial port."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import SERIAL_PORTS, SerialPort
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.reading import about
from migrate.judging.sources import ON_SITE
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")
_ADAPTER = "usb"


def _judge(ports: tuple[SerialPort, ...]) -> Judgement:
    speaking = [each.name for each in ports if each.type == _ADAPTER or each.received_bytes]
    if speaking:
        return Flagged(observed=", ".join(sorted(speaking)), severity=Severity.CONDITION)
    silent = [each.name for each in ports if each.connected]
    if silent:
        return Flagged(observed=f"{', '.join(sorted(silent))}, from which nothing has come")
    untold_of = [each.name for each in ports if each.connected is None]
    if untold_of:
        because = f"whether anything is plugged into {', '.join(untold_of)} was not told"
        return CannotTell(missing=(SERIAL_PORTS,), because=because)
    return Passed()


def _port(*, received: int | None, connected: bool | None) -> Observation:
    port = SerialPort(name="ttyS0", type="16550A", received_bytes=received, connected=connected)
    return SERIAL_PORTS.known((port,))


RULE = Rule(
    title="Something is plugged into a serial port",
    why=(
        "Doors, meters, displays, uninterruptible power or machines hang on serial lines, and "
        "none of them reaches a cloud. A built-in port may also only carry the console: that "
        "is a note, an adapter on USB or a line that has spoken is a condition."
    ),
    fix=(
        "Find out what is plugged in; put it on a serial server on the network of the Hub "
        "that the server in the cloud reaches, or keep the server at the Hub."
    ),
    source=ON_SITE.citation,
    source_date=ON_SITE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_physical(about(SERIAL_PORTS, _judge)),
    examples=(
        flags(
            "an adapter", _PHYSICAL, SERIAL_PORTS.known((SerialPort(name="ttyUSB0", type="usb"),))
        ),
        flags("a line that has spoken", _PHYSICAL, _port(received=512, connected=True)),
        flags("a line that is silent", _PHYSICAL, _port(received=0, connected=True)),
        passes("nothing plugged in", _PHYSICAL, _port(received=0, connected=False)),
        passes("no port", _PHYSICAL, SERIAL_PORTS.known(())),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("lines not told", _PHYSICAL, _port(received=None, connected=None)),
        cannot_tell("not told", _PHYSICAL, untold(SERIAL_PORTS)),
    ),
)
