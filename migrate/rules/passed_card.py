"""No card is passed through to the virtual machine."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import PCI_DEVICES, PciDevice
from migrate.judging.devices import is_passed_through
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_virtual
from migrate.judging.plugged import plugged
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")


def _card(kind: str, vendor: str, device: str) -> Observation:
    card = PciDevice(slot="0000:0b:00.0", kind=kind, vendor_id=vendor, device_id=device)
    return PCI_DEVICES.known((card,))


RULE = Rule(
    title="A card is passed through to the virtual machine",
    why=(
        "The guest drives a card of its hypervisor: a graphics processor, a Fibre Channel "
        "adapter, a capture or telephony card. It does not come along; Forklift does not move "
        "such a server at all."
    ),
    fix=(
        "Find out what uses the card; choose a size with such a device, replace it by a "
        "service, or keep the server at the Hub."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_virtual(plugged(is_passed_through, PCI_DEVICES, severity=Severity.CONDITION)),
    examples=(
        flags("a graphics processor", _VMWARE, _card("3D controller", "10de", "1eb8")),
        flags("a Fibre Channel adapter", _VMWARE, _card("Fibre Channel", "1077", "2261")),
        passes("what VMware emulates", _VMWARE, _card("display", "15ad", "0405")),
        spares("a physical server", VIRTUALISATION.known("none")),
        cannot_tell("not told", _VMWARE, untold(PCI_DEVICES)),
        cannot_tell("nor whether it is virtual", untold(VIRTUALISATION)),
    ),
)
