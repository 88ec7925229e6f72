"""What servers of eight kinds tell of themselves is what their own tools say of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from estate import needs
from estate.definition import Init, definition
from estate.lab import Lab
from inventory.model.fact import Facts
from inventory.model.facts import PACKAGES, SERVICES
from inventory.model.parts import ServiceState
from inventory.model.software import SCHEDULED_JOBS, JobKind

pytestmark = needs.estate
ESTATE = definition()
SYSTEMD = [each.name for each in ESTATE.servers if ESTATE.roots[each.root].init is Init.SYSTEMD]
DEBIAN = [each.name for each in ESTATE.servers if each.root not in {"rpm", "busybox"}]


def said(lab: Lab, name: str, *command: str) -> list[str]:
    """Return the lines that a command prints on a server."""
    done = lab.exec(name, command)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", [each.name for each in ESTATE.servers if each.services])
def test_services_start_at_boot(facts: Mapping[str, Facts], name: str) -> None:
    """What runs and starts at boot is told so, by systemd, OpenRC and System V's init alike."""
    told = {each.name: (each.state, each.enabled) for each in facts[name].value(SERVICES) or ()}

    for each in ESTATE.server(name).services:
        assert (each, told.get(each)) == (each, (ServiceState.RUNNING, True))


@pytest.mark.parametrize("name", SYSTEMD)
def test_services_run(lab: Lab, facts: Mapping[str, Facts], name: str) -> None:
    """The services that run are those that systemd, 247 to 257, says run."""
    asked = ("systemctl", "list-units", "--type=service", "--state=running")
    running = said(lab, name, *asked, "--plain", "--no-legend")

    services = facts[name].value(SERVICES) or ()
    told = {each.name for each in services if each.state is ServiceState.RUNNING}
    assert told == {line.split()[0].removesuffix(".service") for line in running}


@pytest.mark.parametrize("name", SYSTEMD)
def test_timers(lab: Lab, facts: Mapping[str, Facts], name: str) -> None:
    """The timers, with what they start, are those that systemd has loaded."""
    loaded = said(lab, name, "systemctl", "list-timers", "--all", "--plain", "--no-legend")

    jobs = facts[name].value(SCHEDULED_JOBS) or ()
    told = {(each.source, each.command) for each in jobs if each.kind is JobKind.TIMER}
    assert told == {(line.split()[-2], line.split()[-1]) for line in loaded}


@pytest.mark.parametrize("name", DEBIAN)
def test_packages_of_debian(lab: Lab, facts: Mapping[str, Facts], name: str) -> None:
    """The packages and their versions are those that dpkg says are installed."""
    form = "${db:Status-Abbrev}|${Package}|${Version}|${Architecture}\\n"
    lines = (line.split("|") for line in said(lab, name, "dpkg-query", "-W", "-f", form))

    packages = facts[name].value(PACKAGES) or ()
    told = {(each.name, each.version, each.architecture) for each in packages}
    assert told == {tuple(rest) for state, *rest in lines if state.startswith("ii")}
    assert {each.manager for each in packages} == {"dpkg"}


def test_packages_of_rpm(lab: Lab, facts: Mapping[str, Facts]) -> None:
    """The packages and their versions are those that rpm says are installed."""
    form = "%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}|%{ARCH}\\n"
    lines = said(lab, "cache-2", "rpm", "-qa", "--qf", form)

    packages = facts["cache-2"].value(PACKAGES) or ()
    told = {(each.name, each.version, each.architecture) for each in packages}
    assert told == {tuple(line.replace("|0:", "|").split("|")) for line in lines}
    assert {each.manager for each in packages} == {"rpm"}
