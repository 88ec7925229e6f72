"""No licence key is plugged into the server."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import USB_DEVICES, UsbDevice
from migrate.judging.devices import is_licence_key
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
    title="A licence key (dongle) is plugged in",
    why=(
        "Software that asks for the key stops without it, and nothing can be plugged into a "
        "server in a cloud."
    ),
    fix=(
        "Ask the supplier for a licence without a key; else put the key into a USB server on "
        "the network of the Hub that the server in the cloud reaches, or keep the server at "
        "the Hub."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(plugged(is_licence_key, USB_DEVICES)),
    examples=(
        flags("a HASP key", _PHYSICAL, _one("0529", "0001", "vendor specific")),
        flags("a WIBU key", _PHYSICAL, _one("064f", "2af9")),
        passes("nothing plugged in", _PHYSICAL, USB_DEVICES.known(())),
        passes("a keyboard", _PHYSICAL, _one("046d", "c31c", "input")),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", _PHYSICAL, untold(USB_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION), untold(USB_DEVICES)),
    ),
)
