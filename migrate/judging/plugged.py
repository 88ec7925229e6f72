"""Judging what is plugged into a server, on whichever bus, and what was recognised on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inventory.model.application import Application
from inventory.model.fact import FactKey, Facts, Known
from inventory.model.hardware import PciDevice, UsbDevice
from migrate.judging.derived import APPLICATIONS
from migrate.judging.devices import pci_name, usb_name
from migrate.judging.parts import listed
from migrate.judging.reading import Judge, about, lacking
from migrate.model.rule import Judgement, Passed, Surroundings
from migrate.model.verdict import Severity

Device = UsbDevice | PciDevice


def plugged(
    wanted: Callable[[Any], bool],
    *keys: FactKey[tuple[UsbDevice, ...]] | FactKey[tuple[PciDevice, ...]],
    severity: Severity | None = None,
) -> Judge:
    """Flag the devices that are wanted, each by name and number.

    One that was seen counts, whatever is unknown of the other bus; that there is none can only be
    told when both are known.
    """

    def judged(facts: Facts, _around: Surroundings) -> Judgement:
        buses = [facts.of(key) for key in keys]
        devices = [each for bus in buses if isinstance(bus, Known) for each in bus.value]
        found = [_named(each) for each in devices if wanted(each)]
        if found:
            return listed(found, severity=severity)
        unknown = any(not isinstance(bus, Known) for bus in buses)
        return lacking(facts, *keys) if unknown else Passed()

    return judged


def about_recognised(
    wanted: Callable[[Application], bool], *, severity: Severity | None = None
) -> Judge:
    """Flag recognised applications, each with how sure that is."""
    return about(
        APPLICATIONS,
        lambda found: listed(
            (_sure(each) for each in found if wanted(each)),
            severity=severity,
        ),
    )


def _named(device: Device) -> str:
    return usb_name(device) if isinstance(device, UsbDevice) else pci_name(device)


def _sure(application: Application) -> str:
    return f"{application.name} (confidence: {application.confidence.value})"
