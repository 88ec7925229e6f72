"""No printer hangs on the server itself."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.storage import PRINTERS, Printer
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import any_part
from migrate.judging.platform import on_physical
from migrate.judging.sources import ON_SITE
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")
_LOCAL = ("usb:", "parallel:", "serial:", "hp:/usb", "hp:/par")


def _local(printer: Printer) -> bool | None:
    return None if printer.address is None else printer.address.startswith(_LOCAL)


def _queue(address: str | None) -> Observation:
    return PRINTERS.known((Printer(name="labels", address=address),))


RULE = Rule(
    title="A printer hangs on the server itself",
    why=("A queue prints by USB, a parallel or a serial port, and none of them reaches a cloud."),
    fix=("Put the printer on the network, or keep a print server at the Hub."),
    source=ON_SITE.citation,
    source_date=ON_SITE.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_physical(
        any_part(PRINTERS, _local, lambda printer: printer.name, severity=Severity.CONDITION)
    ),
    examples=(
        flags("on USB", _PHYSICAL, _queue("usb://Zebra/ZD420")),
        flags("on USB by HP's own back end", _PHYSICAL, _queue("hp:/usb/LaserJet?serial=1")),
        passes("on the network", _PHYSICAL, _queue("socket://192.0.2.9:9100")),
        passes("none", _PHYSICAL, PRINTERS.known(())),
        spares("a virtual machine", VIRTUALISATION.known("kvm")),
        cannot_tell("where it prints to not told", _PHYSICAL, _queue(None)),
        cannot_tell("not told", _PHYSICAL, untold(PRINTERS)),
    ),
)
