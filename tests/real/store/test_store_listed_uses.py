"""Uses of services that exports tell of are kept once, whichever export tells of them how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from visiting import NOON, new_run

from inventory.model.fact import Observation, Origin
from inventory.model.facts import HOSTNAME
from inventory.model.imported import ConnectionRecord, Where
from inventory.model.nearness import Nearness
from inventory.model.parts import Direction, Protocol
from inventory.store.listed_uses import keep_uses
from inventory.store.listing import Change, Listed, keep_listed
from inventory.store.sightings import sightings
from inventory.store.store import Store

_SOURCE = "azure"
_WHERE = Where(file="dependencies.csv")


def _servers(store: Store, *names: str) -> None:
    origin = Origin(source=_SOURCE, question="name", at=NOON, run="r")
    listed = [
        Listed(
            source=_SOURCE,
            key=name,
            name=name,
            nearness=Nearness.AGENT,
            at=NOON,
            observations=(
                Observation(key=HOSTNAME, fact=HOSTNAME.known(name).fact, origin=origin),
            ),
        )
        for name in names
    ]
    keep_listed(store, new_run(store), listed, now=NOON)


def _use(**more: Any) -> ConnectionRecord:
    told: dict[str, Any] = {"client_key": "web-1", "server_key": "db-1", **more}
    return ConnectionRecord(source=_SOURCE, protocol=Protocol.TCP, port=5432, where=_WHERE, **told)


def _seen(store: Store) -> list[tuple[Direction, str, int]]:
    listed = [each for some in sightings(store).values() for each in some]
    return [(each.direction, each.remote_address.partition(":")[0], each.looks) for each in listed]


def test_a_use_between_two_servers_is_kept_at_the_one_that_uses(store: Store) -> None:
    """Neither address needs to be known."""
    _servers(store, "web-1", "db-1")
    assert keep_uses(store, [_use()], at=NOON) == {Change.NEW: 1}
    assert _seen(store) == [(Direction.OUTBOUND, "record", 1)]


def test_the_same_export_again_changes_nothing(store: Store) -> None:
    """Its looks are the same looks."""
    _servers(store, "web-1", "db-1")
    use = _use(first_seen=NOON, last_seen=NOON + timedelta(hours=6), looks=3)
    keep_uses(store, [use], at=NOON)
    assert keep_uses(store, [use], at=NOON) == {Change.SAME: 1}
    assert _seen(store) == [(Direction.OUTBOUND, "record", 3)]


def test_an_export_of_another_time_adds_to_it(store: Store) -> None:
    """First and last time widen, and the looks of times that do not overlap add up."""
    _servers(store, "web-1", "db-1")
    later = NOON + timedelta(days=30)
    keep_uses(store, [_use(first_seen=NOON, looks=3)], at=NOON)
    assert keep_uses(store, [_use(first_seen=later, looks=2)], at=later) == {Change.CHANGED: 1}
    ((_, (use,)),) = sightings(store).items()
    assert (use.first_seen, use.last_seen, use.looks) == (NOON, later, 5)


def test_a_user_of_whom_nothing_but_an_address_is_known_is_kept_at_the_server(
    store: Store,
) -> None:
    """What is outside uses what is inside."""
    _servers(store, "db-1")
    use = _use(client_key=None, client_address="192.0.2.7", server_process="postgres")
    assert keep_uses(store, [use], at=NOON) == {Change.NEW: 1}
    assert _seen(store) == [(Direction.INBOUND, "192.0.2.7", 1)]


def test_a_use_by_nobody_known_is_passed_over(store: Store) -> None:
    """Two addresses outside say nothing of the estate; nor does a server's use of itself."""
    _servers(store, "db-1")
    outside = _use(client_key=None, client_address="192.0.2.7", server_key="gone")
    assert keep_uses(store, [outside, _use(client_key="db-1")], at=NOON) == {}
