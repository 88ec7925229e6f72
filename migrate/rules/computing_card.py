"""No card computes for the server."""

from __future__ import annotations

from inventory.model.fact import Observation
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import PCI_DEVICES, PciDevice
from migrate.judging.devices import computes
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
    title="A graphics processor, accelerator or security module is in the server",
    why=(
        "What it computes, or the keys that it holds, the server needs at the destination, "
        "too. The sizes proposed here look at processors and memory only."
    ),
    fix=(
        "Choose a size with such a device by hand (graphics: G and P families of EC2, N "
        "series of Azure), use a managed service (CloudHSM, Azure Managed HSM), or prove that "
        "nothing uses the card."
    ),
    source=PLUGGED_IN.citation,
    source_date=PLUGGED_IN.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_physical(plugged(computes, PCI_DEVICES)),
    examples=(
        flags("a graphics processor", _PHYSICAL, _one("3D controller", "10de", "1eb8")),
        flags("a security module", _PHYSICAL, _one("encryption controller", "0100", "0040")),
        passes("the console's own graphics", _PHYSICAL, _one("display", "102b", "0536")),
        spares("a virtual machine", VIRTUALISATION.known("vmware")),
        cannot_tell("not told", _PHYSICAL, untold(PCI_DEVICES)),
        cannot_tell("nor whether it is physical", untold(VIRTUALISATION), untold(PCI_DEVICES)),
    ),
)
