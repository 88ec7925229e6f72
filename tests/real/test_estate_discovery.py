"""Eleven different servers with real services are found as they are, exactly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from estate import needs
from estate.definition import Declared, Init, Link, definition
from estate.found import applications, connections, declared, other_versions
from estate.lab import Lab, raised
from estate.roots import NoRootError

from inventory.estate_file import read_estate
from inventory.model.facts import SERVICES
from inventory.model.parts import Service, ServiceState
from inventory.store.opening import open_store
from inventory.store.servers import servers
from migrate.demo.fleet_plan import GATEWAY

pytestmark = [
    pytest.mark.estate,
    pytest.mark.skipif(needs.why_not() is not None, reason=f"the estate: {needs.why_not()}"),
]
ESTATE = definition()
NAMES = [each.name for each in ESTATE.servers]
DISCOVER_SECONDS = 120


def is_systemd(server: Declared) -> bool:
    """Tell whether systemd is a server's process 1."""
    return ESTATE.roots[server.root].init is Init.SYSTEMD


@dataclass(frozen=True, kw_only=True)
class Discovered:
    """An estate folder after one run of ``decant discover``."""

    lab: Lab
    folder: Path
    run: subprocess.CompletedProcess[str]
    """How the run ended."""

    def decant(self, *arguments: str) -> str:
        """Return what a command of Decant prints."""
        said = decant(self.lab, self.folder, *arguments)
        assert said.returncode == 0, said.stderr
        return said.stdout


def decant(lab: Lab, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Decant in the lab's network."""
    command = (sys.executable, "-m", "migrate", "--estate", str(folder), *arguments)
    return lab.run(command, timeout=DISCOVER_SECONDS)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Raise the estate once for the module."""
    try:
        with raised(ESTATE, tmp_path_factory.mktemp("estate")) as up:
            yield up
    except NoRootError as error:
        pytest.skip(f"the estate: {error}")


@pytest.fixture(scope="module")
def discovered(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Discovered:
    """Ask every server once, with a key and known hosts, as a user does."""
    folder = tmp_path_factory.mktemp("folder")
    assert decant(lab, folder, "init", str(folder)).returncode == 0
    targets = [f"ssh://root@{each.address}" for each in ESTATE.servers]
    options = ("--identity", str(lab.key), "--known-hosts", str(lab.known_hosts))
    run = decant(lab, folder, "discover", *options, *targets)
    return Discovered(lab=lab, folder=folder, run=run)


@pytest.fixture(scope="module")
def services(discovered: Discovered) -> dict[str, dict[str, Service]]:
    """Return each server's services by their names."""
    with open_store(read_estate(discovered.folder, {}).database) as store:
        return {
            server.name: {each.name: each for each in server.facts.value(SERVICES) or ()}
            for server in servers(store)
        }


@pytest.mark.parametrize("name", NAMES)
def test_the_definition_is_true(lab: Lab, name: str) -> None:
    """The kernel's own tables, read without Decant, show what is declared and nothing else."""
    said, server = lab.sockets(name), ESTATE.server(name)

    names = {each.address: each.name for each in ESTATE.servers}
    used = {
        Link(client=name, server=names.get(far, far), port=f"{port}/tcp")
        for _, near_port, far, port in said.connected
        if f"{near_port}/tcp" not in server.ports
    }
    serving = {
        Link(client=names.get(far, far), server=name, port=f"{port}/tcp")
        for _, port, far, _ in said.connected
        if f"{port}/tcp" in server.ports
    }
    links = {each for each in ESTATE.links if each.client != GATEWAY}
    assert said.listening == server.ports
    assert used == {each for each in links if each.client == name}
    assert {each for each in serving if each.client != GATEWAY} == {
        each for each in links if each.server == name
    }


def test_every_server_answers(discovered: Discovered) -> None:
    """All are asked in one run, whatever their release, their shell and their process 1."""
    assert discovered.run.returncode == 0, discovered.run.stderr
    assert f"{len(NAMES)} of {len(NAMES)} servers answered" in discovered.run.stderr


def test_each_is_found_as_itself(discovered: Discovered) -> None:
    """Servers on one kernel, and of one root, are kept apart; each tells its own system."""
    rows = json.loads(discovered.decant("servers", "--format", "json"))

    systems = {row["name"]: row["os"] for row in rows}
    assert systems.keys() == set(NAMES)
    for server in ESTATE.servers:
        assert systems[server.name].startswith(server.system)


def test_applications_equal_the_definition(discovered: Discovered) -> None:
    """Every application is recognised with its ports and version, and no other is."""
    found = applications(discovered.decant("applications", "--format", "json"))
    expected = declared(ESTATE)

    assert {
        "missing": sorted(expected.keys() - found.keys()),
        "invented": sorted(found.keys() - expected.keys()),
        "other versions": other_versions(expected, found),
    } == {"missing": [], "invented": [], "other versions": {}}


def test_connections_equal_the_definition(discovered: Discovered) -> None:
    """Every connection is found once, from its client to the port that is served, and no other."""
    found = connections(discovered.decant("connections", "--format", "json"))
    expected = set(ESTATE.links)

    assert {
        "missing": sorted(expected - found),
        "invented": sorted(found - expected),
    } == {"missing": [], "invented": []}


@pytest.mark.parametrize("name", [each.name for each in ESTATE.servers if each.services])
def test_services_are_told_as_they_are(services: dict[str, dict[str, Service]], name: str) -> None:
    """What runs and starts at boot is told so, by systemd, OpenRC and System V's init alike."""
    told = {each.name: (each.state, each.enabled) for each in services[name].values()}

    for each in ESTATE.server(name).services:
        assert (each, told.get(each)) == (each, (ServiceState.RUNNING, True))


@pytest.mark.parametrize("name", [each.name for each in ESTATE.servers if is_systemd(each)])
def test_systemd_is_believed(lab: Lab, services: dict[str, dict[str, Service]], name: str) -> None:
    """The services that run are those that systemd itself, 247 to 257, says run."""
    asked = ("systemctl", "list-units", "--type=service", "--state=running", "--plain")
    said = lab.exec(name, (*asked, "--no-legend")).stdout.splitlines()

    told = {each.name for each in services[name].values() if each.state is ServiceState.RUNNING}
    assert told == {line.split()[0].removesuffix(".service") for line in said}
