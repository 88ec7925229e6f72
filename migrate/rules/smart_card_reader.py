"""No smart-card reader is plugged into the server."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import USB_DEVICES, UsbDevice
from migrate.judging.devices import is_smart_card_reader
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.plugged import plugged
from migrate.judging.sources import PLUGGED_IN
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")


def _one(vendor: str, product: str, *kinds: str) -> Observation:
    device = UsbDevice(port="1-1", vendor_id=vendor, product_id=product, kinds=kinds)
    return USB_DEVICES.known((device,))


RULE = Rule(
    title="A smart-card reader is plugged in",
    why=(
        "Whoever signs with the card (payments by Bacs, certificates, prescriptions) puts it "
        "in by hand: neither card nor reader comes along into a cloud."
    ),
    fix=(
        "Ask who signs with it; move the signing to a desktop, to a hardware security module "
        "in the cloud or to the supplier, or keep the server at the Hub."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(plugged(is_smart_card_reader, USB_DEVICES)),
    examples=(
        flags("a reader", _PHYSICAL, _one("08e6", "3437", "smart card")),
        passes("nothing plugged in", _PHYSICAL, USB_DEVICES.known(())),
        passes("a keyboard", _PHYSICAL, _one("046d", "c31c", "input")),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", _PHYSICAL, untold(USB_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION), untold(USB_DEVICES)),
    ),
)
