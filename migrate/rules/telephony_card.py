"""No telephone line goes into the server."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import PCI_DEVICES, PciDevice
from migrate.judging.devices import is_telephony
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
    title="A card for telephone lines is in the server",
    why=(
        "ISDN or analogue lines end in the card: telephony, fax, alarms or telecare. No line "
        "reaches a cloud, and the lines themselves are being switched off with the old "
        "telephone network."
    ),
    fix=(
        "Move the lines to SIP trunks with a gateway at the Hub and the server to a cloud, or "
        "keep the server at the Hub until the lines are gone."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(plugged(is_telephony, PCI_DEVICES)),
    examples=(
        flags("Digium", _PHYSICAL, _one("communication controller", "d161", "0205")),
        flags("AVM", _PHYSICAL, _one("network controller", "1244", "0a00")),
        passes("a RAID controller", _PHYSICAL, _one("RAID controller", "1000", "005d")),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", _PHYSICAL, untold(PCI_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION), untold(PCI_DEVICES)),
    ),
)
