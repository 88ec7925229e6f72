"""What discovery saw until now, read back from the store as a check of quiet asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.model.fact import Known
from inventory.model.facts import CONNECTIONS, HOSTNAME
from inventory.model.parts import Connection, Direction, Protocol
from inventory.model.run import Visit
from inventory.model.target import Target
from inventory.store.runs import begin_run
from inventory.store.servers import servers
from inventory.store.visits import record_visit
from migrate.past import StoredPast
from tests.stages.workbenches import Scene, scene

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 and its replacement were asked once."""
    with scene(tmp_path) as made:
        yield made


def past(made: Scene) -> StoredPast:
    """Return the past of web-1."""
    found = next(each for each in servers(made.bench.store) if each.name == "web-1")
    return StoredPast(store=made.bench.store, server_id=found.id)


def ask(made: Scene, name: str) -> None:
    """Ask a server again."""
    made.bench.ask([Target.parse(f"recorded://{made.sources[name]}")], command="discover")


def test_each_answer_is_a_look_and_silence_is_none(web: Scene) -> None:
    """A server that did not answer, or told no connections, was not looked at."""
    assert len(past(web).looks(LONG_AGO)) == 1
    web.clock.now += timedelta(hours=6)
    ask(web, "web-1")
    first, second = past(web).looks(LONG_AGO)
    assert timedelta(hours=5) < second - first < timedelta(hours=7)
    assert past(web).looks(second) == (second,)
    web.say("web-1", lambda _said: b"")
    ask(web, "web-1")
    assert past(web).looks(LONG_AGO) == (first, second)


def test_a_look_that_told_no_connections_is_none(web: Scene) -> None:
    """An answer in which the connections are lacking does not make a window."""
    before = len(past(web).looks(LONG_AGO))
    web.clock.now += timedelta(hours=6)
    visits = web.bench.ask([Target.parse(f"recorded://{web.sources['web-1']}")], command="discover")
    ((server, visit),) = visits.values()
    assert server is not None
    told = tuple(each for each in visit.observations if each.key.name != CONNECTIONS.name)
    assert len(told) < len(visit.observations)
    web.clock.now += timedelta(hours=6)
    blind = Visit(
        target=visit.target,
        at=web.clock(),
        seconds=1,
        observations=told,
        unreachable=None,
        raw=b"",
        stderr=b"",
    )
    run = begin_run(web.bench.store, command="discover", at=web.clock())
    record_visit(web.bench.store, run.id, blind)
    assert len(past(web).looks(LONG_AGO)) == before + 1


def test_what_others_opened_to_it_is_told_by_their_names(web: Scene) -> None:
    """Another server's outbound connection to one of its addresses is a use, with its name."""
    other = web.bench.ask([Target.parse(f"recorded://{web.sources['web-1-new']}")], command="x")
    ((server, visit),) = other.values()
    assert server is not None
    opened = Connection(
        protocol=Protocol.TCP,
        direction=Direction.OUTBOUND,
        local_address="::ffff:10.77.0.21",
        local_port=50_000,
        remote_address="::ffff:10.77.0.11",
        remote_port=443,
        process="curl",
    )
    told = tuple(each for each in visit.observations if each.key.name != CONNECTIONS.name)
    seen = Visit(
        target=visit.target,
        at=web.clock(),
        seconds=1,
        observations=(*told, CONNECTIONS.known((opened,))),
        unreachable=None,
        raw=b"",
        stderr=b"",
    )
    run = begin_run(web.bench.store, command="discover", at=web.clock())
    record_visit(web.bench.store, run.id, seen)
    (use,) = past(web).uses(("10.77.0.11",), LONG_AGO)
    assert (use.server, use.sighting.port) == (server.name, 443)
    assert past(web).uses(("10.77.0.12",), LONG_AGO) == ()
    assert past(web).uses(("10.77.0.11",), web.clock()) == ()


def test_what_was_known_before_a_moment(web: Scene) -> None:
    """Facts come back as they were told until then; before the first look there are none."""
    assert isinstance(past(web).known().of(HOSTNAME), Known)
    (first,) = past(web).looks(LONG_AGO)
    assert not past(web).known(first)
    assert past(web).known(first + timedelta(seconds=1)).value(HOSTNAME) == "web-1"
