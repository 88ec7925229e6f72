"""What servers of several releases once answered, kept whole, is read as it was meant.

Nothing is raised for these tests: ``python -m estate.record`` has done so before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from estate.definition import Link, definition
from estate.recorded import ANSWERS, AS_ROOT, AS_USER, RECORDINGS, Recording, told

from inventory.model import facts
from inventory.model.accounts import ACCOUNTS
from inventory.model.certificates import CERTIFICATES
from inventory.model.fact import FactKey, Known, Reason, Unknown
from inventory.model.parts import Connection, Direction, ServiceState
from inventory.model.software import OS_CODENAME

ESTATE: Final = definition()
SERVERS: Final = {each.name: each for each in ESTATE.servers}
OF_ESTATE: Final = [each for each in RECORDINGS if each.server in SERVERS]
ASKED_TWICE: Final = [
    (root, user) for root in AS_ROOT for user in AS_USER if root.server == user.server
]

every = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda each: each.name)
of_estate = pytest.mark.parametrize("recording", OF_ESTATE, ids=lambda each: each.name)


def value(recording: Recording, key: FactKey[Any]) -> Any:
    """Return a fact that must be known."""
    fact = recording.facts.of(key)
    assert isinstance(fact, Known), f"{recording.name}: {key.name}: {fact}"
    return fact.value


def test_every_recording_is_kept_and_no_other() -> None:
    """What is listed is there; what is there is listed."""
    assert {path.stem for path in ANSWERS.glob("*.raw")} == {each.name for each in RECORDINGS}


@every
def test_every_answer_is_whole_and_read(recording: Recording) -> None:
    """Every question was answered within its time, and no reader stumbled over its answer."""
    reasons = {Reason.UNREACHABLE, Reason.TIMED_OUT, Reason.UNREADABLE}
    failed = {
        each.key.name: str(each.fact)
        for each in told(recording.data)
        if isinstance(each.fact, Unknown) and each.fact.reason in reasons
    }
    assert failed == {}


@every
def test_no_answer_tells_of_the_recorder(recording: Recording) -> None:
    """The kernel is called as the recordings call it, and disks have no serial of a real one."""
    assert value(recording, facts.KERNEL) == "6.18.44-1-amd64"
    assert {each.serial for each in value(recording, facts.DISKS)} <= {None, "TEST-DISK"}


@every
def test_every_server_tells_what_every_server_tells(recording: Recording) -> None:
    """The same obvious is known on all of them, whoever asked and with whichever tools."""
    assert value(recording, facts.HOSTNAME) == recording.server
    assert value(recording, facts.OS_FAMILY) == "linux"
    assert value(recording, facts.ARCHITECTURE) == "x86_64"
    assert value(recording, facts.CPU_THREADS) >= 1
    assert value(recording, facts.MEMORY_TOTAL) > 2**30
    assert value(recording, facts.BOOTED_AT).year >= 2026
    assert ("/", "overlay") in {
        (each.mount_point, each.type) for each in value(recording, facts.FILESYSTEMS)
    }
    assert {each.port for each in value(recording, facts.LISTENERS)} >= {22}
    assert len(value(recording, facts.MACHINE_ID)) == 32


SYSTEMS: Final = {
    "debian-11": ("debian", "11", "bullseye", "2.31"),
    "debian-12": ("debian", "12", "bookworm", "2.36"),
    "debian-13": ("debian", "13", "trixie", "2.41"),
    "debian-14": ("debian", None, "forky", "2."),
    "debian-sid": ("debian", None, "forky", "2."),
    "debian-12-rpm": ("decant-rpm", "12", None, "2.36"),
    "busybox-1.35": ("busybox", None, None, None),
}
"""By what a recording's name begins with: identifier, release, code name, and the C library's."""


@every
def test_the_release_is_told(recording: Recording) -> None:
    """Which system it is, and no release where the system itself tells none."""
    begins = max(filter(recording.name.startswith, SYSTEMS), key=len)
    system, release, codename, _ = SYSTEMS[begins]
    assert value(recording, facts.OS_ID) == system
    assert recording.facts.value(facts.OS_VERSION) == release
    assert recording.facts.value(OS_CODENAME) == codename


@every
def test_packages_are_told(recording: Recording) -> None:
    """More than a hundred of them with their versions; BusyBox has no packages, and tells none."""
    begins = max(filter(recording.name.startswith, SYSTEMS), key=len)
    library = SYSTEMS[begins][3]
    if library is None:
        assert isinstance(recording.facts.of(facts.PACKAGES), Unknown)
        return
    packages = value(recording, facts.PACKAGES)
    assert len(packages) > 100
    assert all(each.version and each.architecture for each in packages)
    (found,) = {each.version for each in packages if each.name == "libc6"}
    assert found.startswith(library)


@of_estate
def test_listeners_equal_the_definition(recording: Recording) -> None:
    """Every port that something waits at, and no other, by ss, BusyBox's netstat and as a user."""
    listeners = value(recording, facts.LISTENERS)
    ports = {f"{each.port}/{each.protocol.value}" for each in listeners}
    assert ports == SERVERS[recording.server].ports


def test_listeners_are_told_without_tools() -> None:
    """The kernel's own tables tell the same as ss, but for processes."""
    with_tools, without = (
        {(each.protocol, each.address, each.port) for each in value(recording, facts.LISTENERS)}
        for recording in RECORDINGS
        if recording.server == "debian-sid"
    )
    assert with_tools == without


@of_estate
def test_connections_equal_the_definition(recording: Recording) -> None:
    """Both ends of every connection, the visit that asks among them, and no other."""
    assert {_link(recording, each) for each in _distant(recording)} == {
        each for each in ESTATE.links if recording.server in (each.client, each.server)
    }


def _distant(recording: Recording) -> list[Connection]:
    """Return the connections that leave the server."""
    connections = value(recording, facts.CONNECTIONS)
    return [each for each in connections if each.direction is not Direction.LOOPBACK]


def _link(recording: Recording, connection: Connection) -> Link:
    names = {each.address: each.name for each in ESTATE.servers}
    far = names.get(connection.remote_address, connection.remote_address)
    if connection.direction is Direction.INBOUND:
        return Link(client=far, server=recording.server, port=f"{connection.local_port}/tcp")
    return Link(client=recording.server, server=far, port=f"{connection.remote_port}/tcp")


@of_estate
def test_services_equal_the_definition(recording: Recording) -> None:
    """Those declared run and start at boot, under systemd, OpenRC and System V's init."""
    wanted = SERVERS[recording.server].services
    if not wanted:
        assert isinstance(recording.facts.of(facts.SERVICES), Unknown)
        return
    services = {each.name: each for each in value(recording, facts.SERVICES)}
    assert {
        name: (services[name].state, services[name].enabled) for name in wanted
    } == dict.fromkeys(wanted, (ServiceState.RUNNING, True))


@of_estate
def test_addresses_equal_the_definition(recording: Recording) -> None:
    """One interface beside loopback, with the address declared."""
    interfaces = value(recording, facts.INTERFACES)
    assert {each.name: each.addresses for each in interfaces if each.name != "lo"} == {
        "eth0": (f"{SERVERS[recording.server].address}/24",)
    }


@of_estate
def test_users_are_those_of_the_server(recording: Recording) -> None:
    """Nobody but root, and the visitor where one was made: no user of the recorder's."""
    names = {each.name for each in value(recording, ACCOUNTS) if 1000 <= each.uid < 65534}
    visited = any(each.server == recording.server for each in AS_USER)
    assert names == ({"visitor"} if visited else set())


def test_certificates_that_listeners_use_are_told() -> None:
    """PostgreSQL's settings name the certificate that Debian made for it."""
    (database,) = (each for each in AS_ROOT if each.server == "db-1")
    assert [(each.path, each.used_by) for each in value(database, CERTIFICATES)] == [
        (
            "/etc/ssl/certs/ssl-cert-snakeoil.pem",
            ("/etc/postgresql/13/main/postgresql.conf",),
        )
    ]


@pytest.mark.parametrize("recording", AS_ROOT, ids=lambda each: each.name)
def test_root_needs_no_privilege(recording: Recording) -> None:
    """Asked as root, nothing is unknown for want of privilege."""
    assert _lacking_privilege(recording) == set()


@pytest.mark.parametrize("recording", AS_USER, ids=lambda each: each.name)
def test_a_user_is_told_what_needs_privilege(recording: Recording) -> None:
    """What only root may see is unknown for that reason; what others run, where it is hidden."""
    expected = {"accounts.authorized_keys", "network.firewalls", "network.firewall_rules"}
    expected |= {"network.firewall_policies"}
    if recording.name.endswith("-hidden-processes"):
        expected |= {facts.PROCESSES.name}
    assert _lacking_privilege(recording) == expected


def _lacking_privilege(recording: Recording) -> set[str]:
    return {
        name
        for name, each in recording.facts.items()
        if isinstance(each.fact, Unknown) and each.fact.reason is Reason.NEEDS_PRIVILEGE
    }


CHANGING: Final = {
    "memory.available_bytes",
    "memory.committed_bytes",
    "memory.shared_bytes",
    "time.clock",
    "utilisation.sampled",
}
"""What is another at each moment."""
OF_THE_ACCOUNT: Final = {
    "access.privileged",
    "software.configuration",
    # BusyBox keeps no note of the container in a file: only process 1's environment tells, to root.
    "hardware.virtualisation",
}
"""What differs by who asks, and says so: the checksum is one of what the account may read."""
IN_COMMON: Final[dict[str, Callable[[Any], object]]] = {
    "accounts.users": lambda told: [(each.name, each.uid, each.login_shell) for each in told],
    "hardware.serial_ports": lambda told: [(each.name, each.type) for each in told],
    "instances.postgresql": lambda told: {port for each in told for port in each.ports},
    "network.listeners": lambda told: [(each.protocol, each.address, each.port) for each in told],
    "network.connections": lambda told: {
        (each.direction, each.local_address, each.remote_address)
        for each in told
        if each.local_port != 22
    },
    "software.processes": lambda told: {
        (each.pid, each.name, each.command_line, each.user)
        for each in told
        if each.parent_pid == 1 and each.name != "timeout"
    },
}
"""Of what root sees more, what a user sees as well; of processes, those that no visit started."""


@pytest.mark.parametrize(("root", "user"), ASKED_TWICE, ids=lambda each: each.name)
def test_root_and_a_user_agree(root: Recording, user: Recording) -> None:
    """What both were told of one server is the same."""
    differing = {}
    for name, observation in root.facts.items():
        one, other = observation.fact, user.facts[name].fact
        if not isinstance(one, Known) or not isinstance(other, Known):
            continue
        common = IN_COMMON.get(name, lambda told: told)
        if common(one.value) != common(other.value):
            differing[name] = (common(one.value), common(other.value))
    assert differing.keys() <= CHANGING | OF_THE_ACCOUNT, differing
