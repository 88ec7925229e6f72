"""Eleven different servers with real services are found as they are, exactly."""

from __future__ import annotations

import json

import pytest

from estate import needs
from estate.definition import Link, definition
from estate.discovered import Discovered
from estate.found import applications, connections, declared, other_versions, parts, uses
from estate.lab import Lab
from migrate.demo.fleet_plan import GATEWAY

pytestmark = needs.estate
ESTATE = definition()
NAMES = [each.name for each in ESTATE.servers]


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


def test_applications_use_each_other_as_defined(discovered: Discovered) -> None:
    """Of each connection, the application at either end is the one that is declared."""
    listing = discovered.decant("connections", "--applications", "--format", "json")
    found = uses(listing, names(discovered))
    serving = {
        (server.name, port): each.id
        for server in ESTATE.servers
        for each in server.applications
        for port in each.ports
    }

    assert found.keys() == set(ESTATE.links)
    for link in ESTATE.links:
        using, used = found[link]
        assert (link, used) == (link, serving.get((link.server, link.port)))
        if link.by or link.client not in NAMES:
            assert (link, using) == (link, link.by)


def test_instances_equal_the_definition(discovered: Discovered) -> None:
    """Every database and every site is found within its application, and no other."""
    listing = discovered.decant("applications", "--instances", "--format", "json")
    found = parts(listing, names(discovered))
    expected = {each for server in ESTATE.servers for each in server.parts}

    assert {"missing": sorted(expected - found), "invented": sorted(found - expected)} == {
        "missing": [],
        "invented": [],
    }


def names(discovered: Discovered) -> dict[str, str]:
    """Return the identifiers of the applications that were found, by their names."""
    rows = json.loads(discovered.decant("applications", "--format", "json"))
    return {row["name"]: row["id"] for row in rows}
