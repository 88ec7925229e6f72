"""No camera or capture card is in the server."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import PCI_DEVICES, USB_DEVICES, PciDevice, UsbDevice
from migrate.judging.devices import is_camera_or_capture
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.plugged import plugged
from migrate.judging.sources import PLUGGED_IN
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")
_NO_USB = USB_DEVICES.known(())
_NO_PCI = PCI_DEVICES.known(())
_CAMERA = UsbDevice(port="1-2", vendor_id="046d", product_id="0825", kinds=("video",))
_CARD = PciDevice(slot="0000:05:00.0", kind="multimedia", vendor_id="109e", device_id="036e")

RULE = Rule(
    title="A camera or a card that captures video is in the server",
    why=("CCTV, a council chamber or a counter is wired to it, and no wire reaches a cloud."),
    fix=(
        "Replace the cameras by ones on the network and record at the Hub or with a hosted "
        "service, or keep the server at the Hub."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(plugged(is_camera_or_capture, USB_DEVICES, PCI_DEVICES)),
    examples=(
        flags(
            "a camera, PCI not told", _PHYSICAL, USB_DEVICES.known((_CAMERA,)), untold(PCI_DEVICES)
        ),
        flags("a card", _PHYSICAL, _NO_USB, PCI_DEVICES.known((_CARD,))),
        passes("nothing", _PHYSICAL, _NO_USB, _NO_PCI),
        spares("a virtual machine", VIRTUALISATION.known("hyperv")),
        cannot_tell("USB not told", _PHYSICAL, untold(USB_DEVICES), _NO_PCI),
        cannot_tell("PCI not told", _PHYSICAL, _NO_USB, untold(PCI_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION)),
    ),
)
