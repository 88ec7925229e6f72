"""Visits are stored in the background: soon, in order, all of them; one's trouble is its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from visiting import at, new_run, visit

from inventory.errors import StoreError
from inventory.model import facts
from inventory.model.run import Visit
from inventory.store.entering import Kept
from inventory.store.keeping import keeping
from inventory.store.servers import servers
from inventory.store.store import Store
from inventory.store.visits import visits

MANY = 25
UNSTORABLE = "ssh://\ud83d"
"""Half an emoji, which no database takes for text."""


class Told:
    """What was said to be stored, in order."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.names: list[str] = []
        self.first = threading.Event()

    def __call__(self, stored: Visit, kept: Kept) -> None:
        """Note it."""
        assert stored.raw == b""
        self.names.append(kept.name)
        self.first.set()


def of(number: int) -> Visit:
    """Return a visit to one of many servers."""
    return visit(f"ssh://{number}", facts.HOSTNAME.known(f"web-{number:02}"), raw=b"x" * 900)


def bring(store: Store, told: Callable[[Visit, Kept], object], *visits: Visit) -> None:
    """Give visits to be stored, and leave."""
    with keeping(store, new_run(store), told) as keep:
        for each in visits:
            keep(each)


def bring_and_be_interrupted(store: Store, *visits: Visit) -> None:
    """Give visits to be stored, and be stopped before anybody could know that they are."""
    with keeping(store, new_run(store), Told()) as keep:
        for each in visits:
            keep(each)
        raise KeyboardInterrupt


def bring_for_ever(store: Store, run_id: str) -> None:
    """Give visits until somebody objects."""
    with keeping(store, run_id, Told()) as keep:
        while True:
            keep(of(1))


def test_all_that_was_taken_is_stored_on_leaving(store: Store) -> None:
    """Each visit is told of once, in the order in which they came."""
    told = Told()
    bring(store, told, *map(of, range(MANY)))
    names = [f"web-{number:02}" for number in range(MANY)]
    assert told.names == names
    assert [server.name for server in servers(store)] == names


def test_a_visit_is_stored_soon_even_if_no_other_comes(store: Store) -> None:
    """What a server told is there while others are still awaited."""
    told = Told()
    with keeping(store, new_run(store), told) as keep:
        keep(of(1))
        assert told.first.wait(10)
        assert [server.name for server in servers(store)] == ["web-01"]


def test_an_interruption_loses_nothing(store: Store) -> None:
    """Ctrl-C stops the asking; what had answered is kept."""
    with pytest.raises(KeyboardInterrupt):
        bring_and_be_interrupted(store, of(1), of(2))
    assert [server.name for server in servers(store)] == ["web-01", "web-02"]


def test_one_that_cannot_be_stored_costs_only_itself(store: Store) -> None:
    """Those that would have been stored with it are stored, and the trouble is told."""
    told = Told()
    with pytest.raises(UnicodeEncodeError):
        bring(store, told, of(1), of(2), visit(UNSTORABLE, facts.HOSTNAME.known("bad")))
    assert told.names == ["web-01", "web-02"]
    assert [server.name for server in servers(store)] == ["web-01", "web-02"]


def test_a_store_that_takes_nothing_stops_the_asking(store: Store) -> None:
    """The error reaches whoever brings visits, and not only at the end."""
    with pytest.raises(StoreError):
        bring_for_ever(store, "no-such-run")
    assert servers(store) == ()


def test_a_listener_that_fails_loses_no_visit(store: Store) -> None:
    """Whoever is told may fail; the visits are stored, and the failure is told."""

    def fail(_stored: Visit, kept: Kept) -> None:
        raise BrokenPipeError(kept.name)

    with pytest.raises(BrokenPipeError, match="web-01"):
        bring(store, fail, of(1))
    assert len(servers(store)) == 1


def test_one_server_visited_twice_at_once_stays_one(store: Store) -> None:
    """Visits that are stored together see each other, as those stored apart do."""
    bring(
        store,
        Told(),
        visit("ssh://a", facts.CPU_THREADS.known(2), facts.SERIAL.known("A1")),
        visit("ssh://a", facts.CPU_THREADS.known(4), minutes=5),
    )
    (server,) = servers(store)
    assert (server.facts.value(facts.CPU_THREADS), server.last_asked) == (4, at(5))
    assert server.facts.value(facts.SERIAL) == "A1"
    assert len(visits(store, server.id)) == 2
