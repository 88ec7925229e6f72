"""Promises of the rules of hardware: what ties a server to the building, and how old it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from inventory.model.fact import Facts, Observation, Reason
from inventory.model.facts import VIRTUALISATION
from inventory.model.hardware import (
    PCI_DEVICES,
    SERIAL_PORTS,
    USB_DEVICES,
    PciDevice,
    SerialPort,
    UsbDevice,
)
from inventory.model.placement import PASSED_USB
from inventory.model.server import Server
from inventory.model.storage import TAPES, Tape
from inventory.registry import Plugin, Registry
from migrate.catalogue.processors import known_since
from migrate.catalogue.surroundings import example_surroundings
from migrate.judging.devices import is_passed_through, usb_name
from migrate.judging.judge import Judged, Panel
from migrate.judging.readiness import readiness
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Readiness, Severity

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TIES = (
    *("computing-card", "fax-modem", "serial-card", "smart-card-reader", "tape-drive"),
    *("telephony-card", "usb-licence-key", "video-capture"),
)
"""Rules of what is plugged into a physical server."""
PASSED = ("passed-card", "passed-tape", "passed-usb")
"""Rules of what a hypervisor passes through to a virtual machine."""
RULES = Registry(package="migrate.rules", attribute="RULE", kind=Rule).all()
PHYSICAL = VIRTUALISATION.known("none")
VMWARE = VIRTUALISATION.known("vmware")
KEY = UsbDevice(port="1-1", vendor_id="0529", product_id="0001", product="Sentinel HL")
NOTHING = (USB_DEVICES.known(()), PCI_DEVICES.known(()), TAPES.known(()))


def judged(*facts: Observation, names: tuple[str, ...] = TIES + PASSED) -> dict[Cloud, Judged]:
    """Judge a made server by the rules of those names alone."""
    rules: dict[str, Plugin[Rule]] = {name: RULES[name] for name in names}
    server = Server(
        id="id-1",
        name="tied-1",
        target="ssh://root@tied-1",
        facts=Facts.from_observations(facts),
        unreachable=None,
        first_seen=NOW,
        last_asked=NOW,
    )
    return Panel(rules, example_surroundings()).judge(server)


def fit(found: Judged) -> Readiness:
    """Return the verdict on fit."""
    return readiness(found)[Axis.FIT]


def test_a_licence_key_ties_a_physical_server_for_both_clouds() -> None:
    """A key that is plugged in is a condition for each cloud, and the fix names the Hub."""
    for found in judged(PHYSICAL, *NOTHING, USB_DEVICES.known((KEY,))).values():
        assert [each.rule for each in found.findings] == ["usb-licence-key"]
        assert fit(found) is Readiness.CONDITIONS
        assert "Hub" in found.findings[0].fix


def test_a_physical_server_with_nothing_plugged_in_is_not_tied() -> None:
    """When every bus was seen and nothing is there, the server fits."""
    for found in judged(PHYSICAL, *NOTHING).values():
        assert (found.findings, found.missing, fit(found)) == ((), (), Readiness.READY)


@pytest.mark.parametrize("lost", NOTHING, ids=lambda lost: lost.key.name)
def test_what_is_plugged_into_a_physical_server_must_be_known(lost: Observation) -> None:
    """Whoever could not look at a bus of a physical server does not know whether it fits."""
    facts = (*NOTHING, lost.key.unknown(Reason.NOT_TOLD))
    for found in judged(PHYSICAL, *facts).values():
        assert fit(found) is Readiness.UNKNOWN


def test_a_virtual_machine_is_not_unknown_for_want_of_its_hypervisors_word() -> None:
    """What is passed through to it is asked for, and the verdict does not wait for it."""
    for found in judged(VMWARE).values():
        assert {each.rule for each in found.missing} == set(PASSED)
        assert not any(each.decides for each in found.missing)
        assert fit(found) is Readiness.READY


@pytest.mark.parametrize(
    "told", [PASSED_USB.known(("USB 1: Sentinel HL",)), USB_DEVICES.known((KEY,))]
)
def test_a_passed_key_ties_a_virtual_machine_whoever_tells_of_it(told: Observation) -> None:
    """The hypervisor's word and the guest's own come to the same verdict."""
    for found in judged(VMWARE, told).values():
        assert [(each.rule, each.severity) for each in found.findings] == [
            ("passed-usb", Severity.CONDITION)
        ]
        assert fit(found) is Readiness.CONDITIONS


def test_a_container_is_not_tied_by_what_its_server_holds() -> None:
    """A container sees the devices of the server that runs it; they are not its own."""
    tape = Tape(address="1:0:0:0", vendor="IBM", model="ULT3580", changer=False)
    facts = (VIRTUALISATION.known("docker"), USB_DEVICES.known((KEY,)), TAPES.known((tape,)))
    assert all(not found.findings and not found.missing for found in judged(*facts).values())


def test_one_bus_with_a_modem_is_enough() -> None:
    """A modem that was seen counts, although nobody could look at the other bus."""
    modem = PciDevice(slot="0000:05:00.0", kind="modem", vendor_id="12b9", device_id="1008")
    found = judged(PHYSICAL, PCI_DEVICES.known((modem,)), names=("fax-modem",))[Cloud.AWS]
    assert [each.observed for each in found.findings] == ["modem (PCI 12b9:1008)"]


@pytest.mark.parametrize(
    ("port", "readiness"),
    [
        (SerialPort(name="ttyS0", received_bytes=0, connected=True), Readiness.READY),
        (SerialPort(name="ttyS0", received_bytes=9, connected=True), Readiness.CONDITIONS),
        (SerialPort(name="ttyUSB0", type="usb"), Readiness.CONDITIONS),
        (SerialPort(name="ttyS0"), Readiness.READY),
    ],
    ids=["silent", "has spoken", "adapter", "not told"],
)
def test_a_line_that_may_be_the_console_changes_no_verdict(
    port: SerialPort, readiness: Readiness
) -> None:
    """A silent line is noted; one that has spoken, and an adapter, are conditions."""
    for found in judged(PHYSICAL, SERIAL_PORTS.known((port,)), names=("serial-line",)).values():
        assert fit(found) is readiness
        assert len(found.findings) + len(found.missing) == 1


@pytest.mark.parametrize(
    ("vendor", "product"),
    [("0627", "0001"), ("46f4", "0001"), ("0e0f", "0003"), ("80ee", "0021"), ("1d6b", "0104")],
)
def test_what_hypervisors_emulate_is_not_passed_through(vendor: str, product: str) -> None:
    """Mice, tablets and disks of QEMU, VMware, VirtualBox and Linux tie no server to anything."""
    assert not is_passed_through(UsbDevice(port="1-1", vendor_id=vendor, product_id=product))


def test_a_device_is_named_without_its_serial_number() -> None:
    """A finding names maker, product and number; the serial of a licence key is nobody's matter."""
    key = UsbDevice(port="1-1", vendor_id="0529", product_id="0001", serial="4711-SECRET")
    assert usb_name(key) == "Aladdin (HASP, Sentinel) (USB 0529:0001)"


@pytest.mark.parametrize(
    ("model", "since"),
    [
        ("Intel(R) Xeon(R) CPU           X5670  @ 2.93GHz", date(2010, 4, 1)),
        ("Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", date(2011, 4, 1)),
        ("Intel(R) Xeon(R) CPU E5-2640 v4 @ 2.40GHz", date(2016, 4, 1)),
        ("Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", date(2017, 7, 1)),
        ("AMD EPYC 9965 192-Core Processor", date(2024, 10, 1)),
        ("Intel Xeon Processor (Skylake, IBRS)", None),
        ("Intel Xeon", None),
        ("", None),
    ],
)
def test_the_age_of_a_design_is_read_from_what_the_kernel_calls_it(
    model: str, since: date | None
) -> None:
    """Marks, speed and cores do not matter; another of the same generation stands in."""
    assert known_since(model) == since
