"""What Decant writes for Ansible says what Decant knows, and does nothing but that."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.exporters._ansible_groups import by_group, hosts_of
from inventory.exporters.ansible_inventory import EXPORTER
from inventory.intake.opened import importers
from inventory.intake.recognise import recognise
from inventory.model.exporter import Exportable
from inventory.model.fact import Facts, Observation
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES, OS_FAMILY, OS_ID
from inventory.model.imported import ServerRecord
from inventory.model.parts import Interface
from inventory.model.placement import ENVIRONMENT, POWER, TAGS, Power, Tag
from inventory.model.server import Server
from inventory.reading.opening import open_files

AT = datetime(2026, 11, 23, tzinfo=UTC)


def server(name: str, *known: Observation, target: str = "", number: int = 1) -> Server:
    """Return a server of which this is known."""
    return Server(
        id=f"id{number}",
        name=name,
        target=target,
        facts=Facts.from_observations(known),
        first_seen=AT,
        last_asked=AT,
    )


def at(*addresses: str) -> Observation:
    """State where a server is in the network."""
    return INTERFACES.known((Interface(name="eth0", addresses=addresses),))


def in_groups(*names: str) -> Observation:
    """State the groups that people put a server in."""
    return TAGS.known(tuple(Tag(name="group", value=name) for name in names))


ESTATE = (
    server(
        "web-1",
        at("127.0.0.1/8", "192.0.2.10/24"),
        HOSTNAME.known("web-1"),
        OS_ID.known("debian"),
        ENVIRONMENT.known("Production"),
        in_groups("web", "front-end"),
        target="ssh://root@198.51.100.7:2222",
    ),
    server("win-1", at("192.0.2.20/24"), OS_FAMILY.known("windows"), POWER.known(Power.OFF)),
    server("db-1", FQDN.known("db-1.example.org"), in_groups("web")),
    server("lost"),
)


def exported(servers: Sequence[Server]) -> Exportable:
    """Return what there is to write."""
    return Exportable(servers=servers, at=AT, applications={"id1": ("Apache Tomcat 9",)})


def files(servers: Sequence[Server]) -> dict[str, bytes]:
    """Return what is written."""
    return {each.name: each.content for each in EXPORTER.write(exported(servers))}


def test_servers_are_reached_as_they_were_or_as_is_known() -> None:
    """Where Decant asked goes first, then an own address, then the full name."""
    hosts = {each.name: each.variables for each in hosts_of(exported(ESTATE))}
    ways = ("ansible_host", "ansible_port", "ansible_user", "ansible_connection")
    assert {name: [each.get(way) for way in ways] for name, each in hosts.items()} == {
        "web-1": ["198.51.100.7", 2222, "root", None],
        "win-1": ["192.0.2.20", None, None, "winrm"],
        "db-1": ["db-1.example.org", None, None, None],
        "lost": [None, None, None, None],
    }


def test_groups_are_the_servers_own_and_those_that_are_derived() -> None:
    """Derived ones begin with decant_, so that nobody takes them for the estate's own."""
    groups = by_group(hosts_of(exported(ESTATE)))
    assert groups["web"] == ("web-1", "db-1")
    assert groups["front-end"] == groups["decant_os_debian"] == ("web-1",)
    assert groups["decant_environment_production"] == ("web-1",)
    assert groups["decant_off"] == ("win-1",)
    assert "lost" in groups["decant_application_apache_tomcat_9"]


def test_who_has_no_address_is_named() -> None:
    """It stays in the inventory, and whoever exports is told."""
    (listing, _) = EXPORTER.write(exported(ESTATE))
    assert [each.server for each in listing.lacking] == ["lost"]
    assert b'"lost"' in listing.content


def test_what_is_written_is_read_back() -> None:
    """Names, ways and groups come back as they were; what was derived does not come back."""
    export = open_files([("decant-inventory.yml", files(ESTATE)["decant-inventory.yml"])])
    found = recognise(export, importers())
    assert found.name == "ansible-inventory"
    records = {
        each.name: Facts.from_observations(one.observation for one in each.stated)
        for each in found.value.read(export)
        if isinstance(each, ServerRecord)
    }
    assert set(records) == {"web-1", "win-1", "db-1", "lost"}
    tags = {(each.name, each.value) for each in records["web-1"].value(TAGS) or ()}
    assert tags == {
        ("group", "web"),
        ("group", "front-end"),
        ("ansible_port", "2222"),
        ("ansible_user", "root"),
    }
    assert records["win-1"].value(OS_FAMILY) == "windows"
    assert records["db-1"].value(FQDN) == "db-1.example.org"
    again = [
        server(name, *each.values(), number=number)
        for number, (name, each) in enumerate(records.items())
    ]
    assert [
        (each.name, each.variables.get("ansible_host")) for each in hosts_of(exported(again))
    ] == [(each.name, each.variables.get("ansible_host")) for each in hosts_of(exported(ESTATE))]


def test_what_ansible_would_run_is_not_handed_on() -> None:
    """Ansible runs what stands between braces: no name, tag or fact brings it there."""
    trap = "{{ lookup('pipe', 'touch /tmp/x') }}"
    (trapped, other) = hosts_of(
        exported(
            [
                server(
                    trap,
                    ENVIRONMENT.known(trap),
                    OS_ID.known("{% x %}"),
                    TAGS.known(
                        (Tag(name="ansible_user", value=trap), Tag(name="group", value=trap))
                    ),
                    FQDN.known("a\nb"),
                ),
                server("x: &y", number=2),
            ]
        )
    )
    held = json.dumps([trapped.name, trapped.variables, trapped.groups])
    assert "{{" not in held
    assert "{%" not in held
    assert "\\n" not in held
    assert len(trapped.lacking) == 4
    assert other.name == "x___y"


def test_servers_of_one_name_stay_two() -> None:
    """Each gets its id behind its name, and so does one that is called as a group of Ansible's."""
    twins = [server("web", number=1), server("web", number=2), server("all", number=3)]
    assert [each.name for each in hosts_of(exported(twins))] == ["web-id1", "web-id2", "all-id3"]


def test_the_script_is_two_lines_that_call_decant() -> None:
    """It may be run, and the YAML may not."""
    listing, script = EXPORTER.write(exported(ESTATE))
    assert script.executable
    assert not listing.executable
    assert script.content.decode().splitlines() == [
        "#!/bin/sh",
        'cd "$(dirname "$0")" && exec decant ansible-inventory "$@"',
    ]


def test_ansible_itself_reads_it(tmp_path: Path) -> None:
    """The servers, their variables and their groups are what ansible-inventory prints."""
    if shutil.which("ansible-inventory") is None:
        pytest.skip("needs Ansible's ansible-inventory on the PATH")
    path = tmp_path / "decant-inventory.yml"
    path.write_bytes(files(ESTATE)[path.name])
    done = subprocess.run(
        ["ansible-inventory", "-i", str(path), "--list"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    hosts = hosts_of(exported(ESTATE))
    assert said["_meta"]["hostvars"] == {each.name: dict(each.variables) for each in hosts}
    for group, names in by_group(hosts).items():
        assert set(said[group]["hosts"]) == set(names)
