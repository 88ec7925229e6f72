"""The recordings of the demo's servers say enough for the demo, and nothing that is secret."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inventory.discovery.read import visit_of
from inventory.model.asking import Ending, Reply
from inventory.model.collector import Collector
from inventory.model.fact import Facts
from inventory.model.facts import CONNECTIONS, FQDN, MACHINE_ID
from inventory.model.parts import Direction
from inventory.model.target import Target
from inventory.registry import Registry
from migrate.demo.fleet_plan import PORTS, SERVERS, Role, planned
from migrate.demo.world_embedded import RECORDINGS, recording
from migrate.fingerprint import server_parts

NAMES = sorted(path.name.removesuffix(".txt") for path in RECORDINGS.glob("*.txt"))
COLLECTORS = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector).all()


def facts(name: str) -> Facts:
    """Read a recording as if it had just been answered."""
    reply = Reply(
        stdout=recording(name).read_bytes(),
        stderr=b"",
        exit_status=0,
        ending=Ending.FINISHED,
        seconds=0,
    )
    visit = visit_of(
        reply,
        target=Target(transport="ssh", host="127.0.0.1", port=2222),
        collectors=COLLECTORS,
        at=datetime(2026, 11, 23, tzinfo=UTC),
        run="test",
    )
    return Facts.from_observations(visit.observations)


def clients(name: str, role: Role) -> int:
    """Count who uses what a server serves."""
    return sum(
        each.direction is Direction.INBOUND and each.local_port == PORTS[role]
        for each in facts(name).value(CONNECTIONS) or ()
    )


def test_every_running_server_is_recorded() -> None:
    """Each server that runs has a recording, and so has each change that the script makes."""
    changes = {"web-1.quiet", "cache-1.quiet", "cache-1-new.changed"}

    assert set(NAMES) == {server.name for server in SERVERS if server.running} | changes


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_of_its_server_and_proves_something(name: str) -> None:
    """It tells who the server is, and everything that a fingerprint is made of."""
    server = planned(name.partition(".")[0])
    found = facts(name)

    assert found.value(MACHINE_ID) == server.machine_id
    assert found.value(FQDN) == f"{server.name}.demo.internal"
    assert server_parts(found).unknown == ()


def test_the_change_is_one_of_listeners() -> None:
    """The changed recording differs in what listens, and in nothing else."""
    before, after = server_parts(facts("cache-1-new")), server_parts(facts("cache-1-new.changed"))

    assert before.changes(after) == ("listeners",)


@pytest.mark.parametrize(("name", "role"), [("web-1", Role.WEB), ("cache-1", Role.CACHE)])
def test_the_quiet_recordings_are_quiet_and_otherwise_the_same(name: str, role: Role) -> None:
    """After the cut-over nobody uses the old server any more; nothing else has changed."""
    assert clients(name, role) == 1
    assert clients(f"{name}.quiet", role) == 0
    assert server_parts(facts(name)).changes(server_parts(facts(f"{name}.quiet"))) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_holds_no_secret_and_nobody(name: str) -> None:
    """No key is in it, and no path of whoever recorded it."""
    text = recording(name).read_text(encoding="utf-8")

    assert "PRIVATE KEY" not in text
    assert "/home/" not in text
    assert str(RECORDINGS.parents[2]) not in text
