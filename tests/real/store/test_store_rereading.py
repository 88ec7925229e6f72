"""A better reader makes better facts of old answers, and a question changed since loses none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from visiting import at, new_run, stay_silent, visit

from inventory.model import facts
from inventory.model.fact import FactKey, Known, Observation, Origin, Reason, Unknown
from inventory.model.server import Server
from inventory.store.rereading import ReadAgain, reread
from inventory.store.servers import server_of
from inventory.store.store import Store
from inventory.store.visits import record_visit, visits

WEB = "ssh://root@web-1"
Read = Callable[[bytes, str, datetime, str], ReadAgain]


def reader(key: FactKey[str], *, as_today: bool = True) -> Read:
    """Return a reader that finds what stands after ``name=``; without it, nothing was told."""

    def read(raw: bytes, source: str, when: datetime, run: str) -> ReadAgain:
        _, found, value = raw.decode().partition("name=")
        told = key.known_or(value if found else None, Reason.NOT_TOLD)
        origin = Origin(source=source, question="test", at=when, run=run)
        return ReadAgain(
            observations=(Observation(key=told.key, fact=told.fact, origin=origin),),
            as_today=frozenset({"test"} if as_today else ()),
        )

    return read


@pytest.fixture
def server(store: Store) -> Server:
    """Return a server whose name was read badly, twice, and which was silent in between."""
    run = new_run(store)
    record_visit(store, run, visit(WEB, facts.HOSTNAME.known("bad"), raw=b"name=one"))
    stay_silent(store, WEB, minutes=5)
    later = visit(WEB, facts.HOSTNAME.known("bad"), raw=b"name=two", minutes=9)
    return record_visit(store, run, later)


def test_what_holds_now_and_what_held_then_are_read_again(store: Store, server: Server) -> None:
    """Each visit gets what its own answer says, with its own time; the newest holds now."""
    done = reread(store, server.id, reader(facts.HOSTNAME))
    assert (done.visits, done.changes) == (2, ("identity.hostname",))
    now = server_of(store, server.id).facts["identity.hostname"]
    assert now.fact == Known(value="two")
    assert now.origin is not None
    assert now.origin.at == at(9)
    told = [[each.fact for each in one.observations] for one in visits(store, server.id)]
    assert told == [[Known(value="one")], [], [Known(value="two")]]


def test_trying_changes_nothing(store: Store, server: Server) -> None:
    """What would change is told, and the store is as it was."""
    done = reread(store, server.id, reader(facts.HOSTNAME), keeping=False)
    assert done.changes == ("identity.hostname",)
    assert server_of(store, server.id) == server


@pytest.mark.parametrize("as_today", [True, False])
def test_a_fact_is_lost_only_to_a_reader_that_knows_better(store: Store, as_today: bool) -> None:  # noqa: FBT001
    """Asked in today's words, what is no longer read was no fact; in other words, it stays."""
    said = visit(WEB, facts.SERIAL.known("None"), raw=b"serial: None")
    server = record_visit(store, new_run(store), said)
    reread(store, server.id, reader(facts.SERIAL, as_today=as_today))
    lost = Unknown(reason=Reason.NOT_TOLD)
    expected = lost if as_today else Known(value="None")
    assert server_of(store, server.id).facts.of(facts.SERIAL) == expected


def test_reading_again_twice_changes_nothing_more(store: Store, server: Server) -> None:
    """It is idempotent."""
    reread(store, server.id, reader(facts.HOSTNAME))
    assert reread(store, server.id, reader(facts.HOSTNAME)).changes == ()
