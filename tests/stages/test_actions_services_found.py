"""Which services are an old server's applications: those that serve people, and never its own."""

from __future__ import annotations

import pytest

from inventory.applications.fingerprints import load_fingerprints
from inventory.applications.matcher import Matcher
from inventory.model.fact import Facts, Observation, Reason
from inventory.model.facts import LISTENERS, PROCESSES, SERVICES
from inventory.model.parts import Listener, Process, Protocol, Service, ServiceState
from migrate.actions._services import named, of_applications

MATCHER = Matcher(load_fingerprints())
RUNNING = ServiceState.RUNNING


def facts(
    processes: tuple[Process, ...],
    services: tuple[Service, ...],
    listeners: tuple[Listener, ...] = (),
) -> Facts:
    """Return what a server says of what runs on it."""
    return Facts.from_observations(
        (PROCESSES.known(processes), SERVICES.known(services), LISTENERS.known(listeners))
    )


def process(pid: int, name: str, unit: str | None = None, command: str | None = None) -> Process:
    """Return a process."""
    return Process(pid=pid, name=name, command_line=command or name, unit=unit)


def service(name: str, state: ServiceState = RUNNING, path: str | None = None) -> Service:
    """Return a service that starts at boot."""
    return Service(name=name, state=state, enabled=True, path=path)


def listener(port: int, pid: int | None, name: str | None) -> Listener:
    """Return what listens for everybody."""
    return Listener(protocol=Protocol.TCP, address="0.0.0.0", port=port, process=name, pid=pid)


SSHD = (process(10, "sshd", "ssh.service"), service("ssh"), listener(22, 10, "sshd"))


def test_applications_are_found_and_ssh_goes_on() -> None:
    """What serves people is stopped by its unit; SSH and monitoring's agent are left alone."""
    found = of_applications(
        facts(
            (
                SSHD[0],
                process(20, "nginx", "nginx.service"),
                process(30, "zabbix_agentd", "zabbix-agent.service"),
            ),
            (SSHD[1], service("nginx"), service("zabbix-agent")),
            (SSHD[2], listener(80, 20, "nginx"), listener(10050, 30, "zabbix_agentd")),
        ),
        MATCHER,
    )

    assert (found.services, found.fault) == (("nginx.service",), "")


def test_what_somebody_made_here_is_an_application() -> None:
    """A service that no package brought is one, though nobody knows its program."""
    found = of_applications(
        facts(
            (process(20, "batch", "nightly.service"),),
            (
                service("nightly", path="/etc/systemd/system/nightly.service"),
                service("packaged", path="/usr/lib/systemd/system/packaged.service"),
            ),
        ),
        MATCHER,
    )

    assert found.services == ("nightly.service",)


def test_what_listens_without_a_service_has_to_be_named() -> None:
    """Nothing is stopped as long as something would be left that nobody knows how to stop."""
    found = of_applications(
        facts(
            (process(20, "nginx", "nginx.service"), process(30, "parking", "session-3.scope")),
            (service("nginx"),),
            (listener(80, 20, "nginx"), listener(8080, 30, "parking")),
        ),
        MATCHER,
    )

    assert found.services == ()
    assert "parking on 8080/tcp" in found.fault


def test_what_listens_unseen_has_to_be_named() -> None:
    """A socket whose process the account may not see is nobody's, so nothing is stopped."""
    found = of_applications(
        facts((SSHD[0],), (SSHD[1],), (SSHD[2], listener(8080, None, None))), MATCHER
    )

    assert "something on 8080/tcp" in found.fault


def test_a_server_on_which_nothing_runs_says_so() -> None:
    """No service is no reason to call it done."""
    found = of_applications(facts((SSHD[0],), (SSHD[1],), (SSHD[2],)), MATCHER)

    assert found.fault == "no service of an application was seen to run"


@pytest.mark.parametrize("missing", ["processes", "listeners", "services"])
def test_what_is_not_known_is_not_guessed(missing: str) -> None:
    """Each of what it rests on has to be known."""
    told: list[Observation] = []
    for key in (PROCESSES, LISTENERS, SERVICES):
        unknown = key.unknown(Reason.NEEDS_PRIVILEGE)
        told.append(unknown if missing in key.name else key.known(()))
    found = of_applications(Facts.from_observations(told), MATCHER)

    assert missing in found.fault
    assert found.services == ()


@pytest.mark.parametrize(
    "name",
    ["ssh", "sshd.service", "ssh.socket", "systemd-journald", "NetworkManager", "networking",
     "dbus.service", "rsyslog", "getty@tty1.service"],
)  # fmt: skip
def test_what_the_server_is_reached_by_is_never_stopped(name: str) -> None:
    """Not even when somebody names it."""
    assert "never stopped" in named((name,)).fault


@pytest.mark.parametrize("name", ["", "a b", "$(reboot)", "-h", "x\ny", "../x"])
def test_a_name_that_is_none_goes_nowhere(name: str) -> None:
    """It is refused here, before any server hears of it."""
    assert "cannot be a service's name" in named((name,)).fault
