"""Promises of rules that their examples cannot show: how grave a finding is, its words, its tables.

An example says only whether a rule flags. The tables stand here a second time, as read in the
rule's source, so that a slip of a digit in the rule does not prove itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest

from inventory.model.application import Confidence
from inventory.model.certificates import CERTIFICATES
from inventory.model.fact import Facts, Observation
from inventory.model.facts import (
    CPU_MODEL,
    CPU_THREADS,
    LISTENERS,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    PACKAGES,
    PYTHON_VERSIONS,
    VIRTUALISATION,
)
from inventory.model.hardware import GUESTS, HYPERVISOR, SERIAL_PORTS, Guest, SerialPort
from inventory.model.parts import Listener, Protocol
from inventory.model.placement import SNAPSHOTS, VIRTUAL_DISKS, Snapshot, VirtualDisk
from inventory.model.software import CONTAINERS, Container
from inventory.model.storage import EXPORTS, TAPES, Export, Tape
from migrate.catalogue.surroundings import EXAMPLE_DAY, example_surroundings
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import agent, certificate, installed, recognised, shows
from migrate.model.rule import CannotTell, Flagged, Judgement, NotApplicable, Passed, Surroundings
from migrate.model.verdict import Severity

AROUND = example_surroundings()
DAY = timedelta(days=1)
End = date | bool | None


def judge(name: str, *facts: Observation, around: Surroundings = AROUND) -> Judgement:
    """Judge a server of these facts by a rule."""
    module = import_module(f"migrate.rules.{name}")
    judgement: Judgement = module.RULE.judge(Facts.from_observations(facts), around)
    return judgement


def words(judgement: Judgement) -> str:
    """Return what a rule that flags says it saw."""
    assert isinstance(judgement, Flagged)
    return judgement.observed


def until(end: End, *, extended: End = False) -> Surroundings:
    """Make surroundings in which support of everything ends, and extended support, like this."""
    return replace(
        AROUND, lifecycle=lambda _product, _cycle: end, extended=lambda _product, _cycle: extended
    )


DEBIAN = (OS_ID.known("debian"), OS_VERSION.known("12"))


@pytest.mark.parametrize(
    ("extended", "severity"),
    [
        (False, None),
        (True, None),
        (None, None),
        (EXAMPLE_DAY - DAY, None),
        (EXAMPLE_DAY, Severity.CONDITION),
        (EXAMPLE_DAY + DAY, Severity.CONDITION),
    ],
)
def test_an_ended_system_is_a_blocker_unless_extended_support_goes_on(
    extended: End, severity: Severity | None
) -> None:
    """It is a condition up to the last day of extended support, and a blocker otherwise.

    That is so when there is none, when nobody knows, and when it has ended too.
    """
    around = until(EXAMPLE_DAY - DAY, extended=extended)
    found = judge("system_support_ended", *DEBIAN, around=around)
    assert isinstance(found, Flagged)
    assert found.severity is severity


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (EXAMPLE_DAY - DAY, NotApplicable),
        (EXAMPLE_DAY, Flagged),
        (EXAMPLE_DAY + timedelta(days=364), Flagged),
        (EXAMPLE_DAY + timedelta(days=365), Passed),
        (False, Passed),
        (True, NotApplicable),
    ],
)
def test_support_that_ends_within_a_year_is_told(end: End, kind: type[Judgement]) -> None:
    """A year is 365 days, and the day itself is beyond it."""
    assert isinstance(judge("system_support_ends_soon", *DEBIAN, around=until(end)), kind)


def test_support_that_ends_before_the_hub_opens_is_told() -> None:
    """Then a year is not enough."""
    later = EXAMPLE_DAY + timedelta(days=500)
    around = replace(until(later), hub_opens=later + DAY)
    assert isinstance(judge("system_support_ends_soon", *DEBIAN, around=around), Flagged)
    around = replace(around, hub_opens=later)
    assert isinstance(judge("system_support_ends_soon", *DEBIAN, around=around), Passed)


@pytest.mark.parametrize(("days", "kind"), [(7 * 365, Passed), (7 * 365 + 1, Flagged)])
def test_a_processor_is_old_after_seven_years(days: int, kind: type[Judgement]) -> None:
    """Counted from when the catalogue first knows of it."""
    around = replace(AROUND, processor_since=lambda _model: EXAMPLE_DAY - timedelta(days=days))
    physical = (VIRTUALISATION.known("none"), CPU_MODEL.known("Sample Processor 1"))
    assert isinstance(judge("processor_age", *physical, around=around), kind)


WITHDRAWN = {
    ("windows-server", "2003"): "2026-02-15",
    ("windows-server", "2008"): "2026-12-30",
    ("windows", "7"): "2026-12-30",
    ("amazon-linux", "1"): "2026-11-20",
    ("amazon-linux", "2018.03"): "2026-11-20",
    ("rhel", "5.11"): "2025-12-30",
    ("rhel", "6.10"): "2026-12-30",
    ("centos", "5.11"): "2025-12-30",
    ("centos", "6.10"): "2026-08-28",
    ("centos", "7.9"): "2026-11-20",
    ("centos", "8.5"): "2026-12-30",
    ("oracle-linux", "6.10"): "2026-08-28",
    ("sles", "11-sp4"): "2026-08-28",
    ("ubuntu", "12.04"): "2026-08-20",
    ("ubuntu", "14.04"): "2026-12-20",
    ("debian", "6"): "2026-04-30",
    ("debian", "7"): "2026-04-30",
    ("debian", "8"): "2026-04-30",
    ("debian", "9"): "2026-04-30",
    ("debian", "10"): "2026-12-30",
}
"""Days as the page "Operating systems supported by AWS Transform MGN" gives them, read 2026-11-23
in a copy."""


@pytest.mark.parametrize(("system", "day"), WITHDRAWN.items(), ids=str)
def test_mgn_withdraws_each_system_on_its_day(system: tuple[str, str], day: str) -> None:
    """A condition up to the day before, and a blocker from the day on."""
    product, version = system
    facts = (OS_ID.known(product), OS_VERSION.known(version), OS_NAME.known("CentOS Linux"))
    last = date.fromisoformat(day) - DAY
    before = judge("aws_replication_os", *facts, around=replace(AROUND, today=last))
    after = judge("aws_replication_os", *facts, around=replace(AROUND, today=last + DAY))
    assert before == Flagged(observed=f"{product} {version} is supported until {day}")
    assert isinstance(after, Flagged)
    assert after.severity is Severity.BLOCKER


NITRO = {
    "almalinux": ("7.9", "8"),
    "amazon-linux": ("1", "2"),
    "centos": ("7.3", "7.4"),
    "debian": ("8", "9"),
    "freebsd": ("11.0", "11.1"),
    "oracle-linux": ("7.3", "7.4"),
    "rhel": ("7.3", "7.4"),
    "rocky-linux": ("7.9", "8"),
    "sles": ("12-sp1", "12-sp2"),
    "ubuntu": ("13.10", "14.04"),
}
"""Of each system the last release without EC2's drivers and the first with them."""


@pytest.mark.parametrize("product", NITRO)
def test_each_system_has_the_drivers_of_ec2_from_its_release_on(product: str) -> None:
    """The release before is flagged, the release itself is passed."""
    without, first = NITRO[product]
    system = (OS_ID.known(product), OS_NAME.known(product))
    assert isinstance(judge("aws_kernel_drivers", *system, OS_VERSION.known(without)), Flagged)
    assert isinstance(judge("aws_kernel_drivers", *system, OS_VERSION.known(first)), Passed)


BY_BROADCAST = {
    67: "DHCP",
    137: "NetBIOS names",
    138: "NetBIOS datagrams",
    319: "PTP",
    320: "PTP",
    427: "SLP",
    520: "RIP",
    694: "Heartbeat",
    1900: "SSDP",
    1985: "HSRP",
    3702: "WS-Discovery",
    5405: "Corosync",
    45588: "JGroups",
    54327: "Hazelcast",
}


@pytest.mark.parametrize(("port", "name"), BY_BROADCAST.items())
def test_what_needs_broadcasts_is_known_by_its_port(port: int, name: str) -> None:
    """Each of the ports is told by the name of what waits there."""
    waits = Listener(protocol=Protocol.UDP, address="192.0.2.4", port=port)
    found = judge("broadcast_services", LISTENERS.known((waits,)))
    assert words(found) == f"{name} ({port}/udp)"


@pytest.mark.parametrize(("threads", "licences"), [(4, 8), (8, 8), (9, 9), (32, 32)])
def test_windows_on_azure_takes_eight_core_licences_at_least(threads: int, licences: int) -> None:
    """And as many as there are processors beyond that."""
    facts = (OS_FAMILY.known("windows"), OS_ID.known("windows-server"), CPU_THREADS.known(threads))
    assert f" {licences} core licences" in words(judge("azure_windows_licence", *facts))


@pytest.mark.parametrize(
    ("day", "said"),
    [(EXAMPLE_DAY - DAY, "expired on 2026-11-22"), (EXAMPLE_DAY, "expires on 2026-11-23")],
)
def test_a_certificate_is_valid_on_its_last_day(day: date, said: str) -> None:
    """It has expired from the day after."""
    found = judge("certificate_expires", shows(certificate(day)), CERTIFICATES.known(()))
    assert said in words(found)


def test_agents_are_told_with_their_release() -> None:
    """The ended one alone is named, with its release; one of no release by its name alone."""
    old, bare = agent("zabbix-agent", "5.0.44", "zabbix"), agent("veeam", "1", "zabbix")
    bare = replace(bare, version=None)
    assert words(judge("agent_support", APPLICATIONS.known((old,)))).startswith(
        "zabbix-agent 5.0.44 "
    )
    untold = judge("agent_support", APPLICATIONS.known((bare,)))
    assert isinstance(untold, CannotTell)
    assert untold.because == "until when veeam is maintained is not known"


@pytest.mark.parametrize(("name", "said"), [("shop", "shop"), (None, "0f3a")])
def test_a_container_is_told_by_its_name_or_its_id(name: str | None, said: str) -> None:
    """The id stands in where there is no name."""
    made = Container(engine="docker", id="0f3a", name=name, state=None)
    found = judge("container_host", CONTAINERS.known((made,)))
    assert isinstance(found, CannotTell)
    assert found.because == f"whether {said} runs was not told"


def test_all_that_have_ended_are_told() -> None:
    """Of several packages of Samba the first that is old is named."""
    packages = (installed("samba", "4.10.18"), installed("samba", "4.9.5"))
    found = judge("smb_v1", OS_FAMILY.known("linux"), PACKAGES.known(packages))
    assert words(found) == "Samba 4.10.18 speaks it by default"


def test_an_export_to_anybody_is_told_with_what_roots_may() -> None:
    """Where roots of clients are roots of the server as well, that is said."""
    exports = (
        Export(path="/a", client="*", options=("ro",)),
        Export(path="/b", client="*", options=("rw", "no_root_squash")),
    )
    found = judge("nfs_for_anybody", EXPORTS.known(exports))
    assert words(found) == "/a to anybody, /b to anybody as root"


def test_guests_are_named_up_to_five() -> None:
    """Of more the first five are named, and that there are others."""
    five = tuple(
        Guest(name=f"vm-{n}", manager="libvirt", container=False, running=True) for n in range(5)
    )
    more = (*five, Guest(name="vm-5", manager="libvirt", container=False, running=True))
    libvirt = HYPERVISOR.known(("libvirt",))
    all_named = words(judge("runs_guests", libvirt, GUESTS.known(five)))
    some_named = words(judge("runs_guests", libvirt, GUESTS.known(more)))
    assert all_named == "5 of libvirt: vm-0, vm-1, vm-2, vm-3, vm-4"
    assert some_named == "6 of libvirt: vm-0, vm-1, vm-2, vm-3, vm-4, …"


@pytest.mark.parametrize(("received", "severity"), [(512, Severity.CONDITION), (0, None)])
def test_a_serial_line_that_has_spoken_is_a_condition(
    received: int, severity: Severity | None
) -> None:
    """A line that is connected and silent is a note: it may carry the console alone."""
    port = SerialPort(name="ttyS0", type="16550A", received_bytes=received, connected=True)
    found = judge("serial_line", VIRTUALISATION.known("none"), SERIAL_PORTS.known((port,)))
    assert isinstance(found, Flagged)
    assert found.severity is severity


GUESSED = recognised("clamav", "antivirus", confidence=Confidence.LOW)
VMWARE = VIRTUALISATION.known("vmware")
PHYSICAL = VIRTUALISATION.known("none")
LINUX = OS_FAMILY.known("linux")
TAPE = Tape(address="3:0:1:0", vendor="IBM", model="ULT3580-HH7", changer=False)
NOWHERE = VirtualDisk(name="Hard disk 1", path="[] /vmfs/volumes/gone/web-1.vmdk")
SHARED = VirtualDisk(name="Hard disk 2", sharing="physicalSharing")
MARCH = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "facts", "said"),
    [
        ("aws_replication_python", (LINUX, PYTHON_VERSIONS.known(())), "no Python"),
        ("aws_replication_python", (LINUX, PYTHON_VERSIONS.known(("2.3.4",))), "Python 2.3.4"),
        ("tape_drive", (PHYSICAL, TAPES.known((TAPE,))), "IBM ULT3580-HH7 (drive)"),
        (
            "tape_drive",
            (PHYSICAL, TAPES.known((replace(TAPE, changer=True),))),
            "IBM ULT3580-HH7 (library)",
        ),
        (
            "vmware_disk_place",
            (VMWARE, VIRTUAL_DISKS.known((NOWHERE,))),
            "Hard disk 1 ([] /vmfs/volumes/gone/web-1.vmdk)",
        ),
        (
            "vmware_shared_disk",
            (VMWARE, VIRTUAL_DISKS.known((SHARED,))),
            "Hard disk 2 (physicalSharing)",
        ),
        (
            "vmware_snapshots",
            (VMWARE, SNAPSHOTS.known((Snapshot(name="old"), Snapshot(name="new", taken_at=MARCH)))),
            "new of 2024-03-01, old",
        ),
        (
            "no_malware_protection",
            (APPLICATIONS.known((GUESSED, replace(GUESSED, name="other"))),),
            "agent against malware: only guessed: clamav",
        ),
        (
            "no_malware_protection",
            (APPLICATIONS.known(()),),
            "agent against malware: none was recognised",
        ),
    ],
)
def test_what_was_seen_is_told(name: str, facts: tuple[Observation, ...], said: str) -> None:
    """With what tells it from others of its kind: its release, its place, its day."""
    assert words(judge(name, *facts)) == said


@pytest.mark.parametrize("name", ["vmware_disk_place", "vmware_shared_disk"])
def test_a_disk_of_which_nothing_is_told_is_named_alone(name: str) -> None:
    """No place and no sharing is made up for it."""
    bare = VIRTUAL_DISKS.known((VirtualDisk(name="Hard disk 3"),))
    found = judge(name, VMWARE, bare)
    assert isinstance(found, CannotTell)
    assert found.because == "it was not told of Hard disk 3"


@pytest.mark.parametrize(
    ("system", "said", "severity"),
    [("freebsd", "is not supported", Severity.BLOCKER), ("plan9", "is not listed", None)],
)
def test_what_mgn_calls_unsupported_is_graver_than_what_it_does_not_name(
    system: str, said: str, severity: Severity | None
) -> None:
    """Its list says of FreeBSD that it is not supported; of a system that it has not, nothing."""
    found = judge("aws_replication_os", OS_ID.known(system), OS_VERSION.known("14"))
    assert found == Flagged(observed=f"{system} 14 {said}", severity=severity)
