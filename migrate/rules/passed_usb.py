"""No USB device is passed through to the virtual machine."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import USB_DEVICES, UsbDevice
from inventory.model.placement import PASSED_USB
from migrate.judging.devices import is_passed_through
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import listed
from migrate.judging.platform import on_virtual
from migrate.judging.plugged import plugged
from migrate.judging.reading import lacking
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import CannotTell, Judgement, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")
_KEY = UsbDevice(port="2-1", vendor_id="0529", product_id="0001", product="Sentinel HL")
_MOUSE = UsbDevice(port="2-1", vendor_id="0e0f", product_id="0003", kinds=("input",))
_SEEN_BY_GUEST = plugged(is_passed_through, USB_DEVICES, severity=Severity.CONDITION)


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    # The hypervisor and the guest tell the same: either will do.
    passed = facts.of(PASSED_USB)
    if isinstance(passed, Known):
        return listed(passed.value, severity=Severity.CONDITION)
    seen = _SEEN_BY_GUEST(facts, around)
    return lacking(facts, PASSED_USB, USB_DEVICES) if isinstance(seen, CannotTell) else seen


RULE = Rule(
    title="A USB device is passed through to the virtual machine",
    why=(
        "Something of the hypervisor is plugged into the guest (a licence key, a modem, a "
        "reader), and nothing can be plugged into a server in a cloud."
    ),
    fix=(
        "Find out what needs it; for a licence key ask the supplier for a licence without "
        "one; else use a USB server on the network of the Hub, or keep the server at the Hub."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_virtual(_judge),
    examples=(
        flags("passed through by vSphere", _VMWARE, PASSED_USB.known(("USB 1: Sentinel HL",))),
        flags("seen by the guest", _VMWARE, untold(PASSED_USB), USB_DEVICES.known((_KEY,))),
        passes("none", _VMWARE, PASSED_USB.known(())),
        passes("emulated only", _VMWARE, untold(PASSED_USB), USB_DEVICES.known((_MOUSE,))),
        spares("a physical server", VIRTUALISATION.known("none")),
        spares("a container, which sees its server's", VIRTUALISATION.known("docker")),
        cannot_tell("not told", _VMWARE, untold(PASSED_USB), untold(USB_DEVICES)),
        cannot_tell("nor whether it is virtual", untold(VIRTUALISATION)),
    ),
)
