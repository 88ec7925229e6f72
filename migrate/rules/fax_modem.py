"""No modem is plugged into the server."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import PCI_DEVICES, USB_DEVICES, PciDevice, UsbDevice
from migrate.judging.devices import is_modem
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_physical
from migrate.judging.plugged import plugged
from migrate.judging.sources import PLUGGED_IN
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_PHYSICAL = VIRTUALISATION.known("none")
_NO_USB = USB_DEVICES.known(())
_NO_PCI = PCI_DEVICES.known(())
_MODEM = UsbDevice(port="1-1", vendor_id="0baf", product_id="0303", drivers=("cdc_acm",))
_CARD = PciDevice(slot="0000:05:00.0", kind="modem", vendor_id="12b9", device_id="1008")

RULE = Rule(
    title="A modem or fax modem is plugged in",
    why=(
        "It hangs on a telephone line (fax, alarms, dialling into plant), and no line reaches "
        "a cloud. The old telephone network is being switched off besides."
    ),
    fix=(
        "Replace fax by a fax service or secure e-mail and dialling by a mobile router; else "
        "keep the server at the Hub."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.WEEKS,
    judge=on_physical(plugged(is_modem, USB_DEVICES, PCI_DEVICES)),
    examples=(
        flags("on USB, PCI not told", _PHYSICAL, USB_DEVICES.known((_MODEM,)), untold(PCI_DEVICES)),
        flags("a card", _PHYSICAL, _NO_USB, PCI_DEVICES.known((_CARD,))),
        passes("nothing", _PHYSICAL, _NO_USB, _NO_PCI),
        spares("a virtual machine", VIRTUALISATION.known("hyperv")),
        cannot_tell("USB not told", _PHYSICAL, untold(USB_DEVICES), _NO_PCI),
        cannot_tell("PCI not told", _PHYSICAL, _NO_USB, untold(PCI_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION)),
    ),
)
