"""Promises of what only the estate as a whole shows: whom a server shares its name with."""

from __future__ import annotations

from datetime import UTC, datetime

from inventory.model.fact import Facts
from inventory.model.facts import HOSTNAME
from inventory.model.server import Server
from migrate.judging.derived import NAMESAKES, Estatewide

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def namesakes(count: int) -> tuple[str, ...]:
    """Return whom the first of so many servers is told to share its host name with."""
    servers = [
        Server(
            id=f"id-{number}",
            name=f"web-{number:03}",
            target="",
            facts=Facts.from_observations((HOSTNAME.known("LOCALHOST"),)),
            first_seen=NOW,
            last_asked=NOW,
        )
        for number in range(count, 0, -1)
    ]
    told = Facts.from_observations(Estatewide.of(servers).observations(servers[-1]))
    return told.value(NAMESAKES) or ()


def test_others_of_the_name_are_named_in_order_and_not_the_server_itself() -> None:
    """A few are named, all of them, in whatever order they came."""
    assert namesakes(4) == ("web-002", "web-003", "web-004")
    assert len(namesakes(101)) == 100
    assert namesakes(101)[-1] == "web-101"


def test_of_very_many_the_first_are_named_and_the_others_counted() -> None:
    """What a thousand clones are told of each other does not grow with the square of them."""
    told = namesakes(1_500)
    assert told[:2] == ("web-002", "web-003")
    assert told[100:] == ("and 1,399 more",)
