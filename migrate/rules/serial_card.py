"""No card with several serial ports is in the server."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import PCI_DEVICES, PciDevice
from migrate.judging.devices import is_serial_card
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.plugged import plugged
from migrate.judging.sources import PLUGGED_IN
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")


def _one(kind: str, vendor: str, device: str) -> Observation:
    card = PciDevice(slot="0000:3b:00.0", kind=kind, vendor_id=vendor, device_id=device)
    return PCI_DEVICES.known((card,))


RULE = Rule(
    title="A card with several serial ports is in the server",
    why=(
        "Nobody puts such a card in for nothing: doors, meters, displays, modems or machines "
        "hang on it, and none of them reaches a cloud."
    ),
    fix=(
        "Find out what is plugged in; put it on a serial server on the network of the Hub "
        "that the server in the cloud reaches, or keep the server at the Hub."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(plugged(is_serial_card, PCI_DEVICES)),
    examples=(
        flags("a multiport card", _PHYSICAL, _one("multiport serial", "1393", "1680")),
        passes("a RAID controller", _PHYSICAL, _one("RAID controller", "1000", "005d")),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", _PHYSICAL, untold(PCI_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION), untold(PCI_DEVICES)),
    ),
)
