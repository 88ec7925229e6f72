"""Promises of what only the estate as a whole shows: whom a server shares its name with."""

from __future__ import annotations

from datetime import UTC, datetime

from inventory.model.fact import Facts, Unknown
from inventory.model.facts import HOSTNAME, INTERFACES
from inventory.model.server import Server
from migrate.judging.derived import NAMESAKES, SHARED_ADDRESSES, Estatewide
from migrate.judging.examples import interface

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


def shares(*addresses: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return what each of servers with these addresses is told to share."""
    servers = [
        Server(
            id=f"id-{number}",
            name=f"web-{number}",
            target="",
            facts=Facts.from_observations((INTERFACES.known((interface("eth0", *each),)),)),
            first_seen=NOW,
            last_asked=NOW,
        )
        for number, each in enumerate(addresses)
    ]
    estate = Estatewide.of(servers)
    told = [Facts.from_observations(estate.observations(each)) for each in servers]
    return [each.value(SHARED_ADDRESSES) or () for each in told]


def test_an_address_that_two_servers_have_is_told_of_both() -> None:
    """With the name of the other; an address of one alone, and one told twice of it, is not."""
    first, second, third = shares(
        ("192.0.2.4/24", "192.0.2.5/24"), ("192.0.2.4/24",), ("192.0.2.6/24", "192.0.2.6/24")
    )
    assert first == ("192.0.2.4 (also web-1)",)
    assert second == ("192.0.2.4 (also web-0)",)
    assert third == ()


def test_what_is_not_known_of_a_server_itself_is_no_sign_of_sharing_nothing() -> None:
    """Without its addresses or its name nobody can tell."""
    bare = Server(id="id-1", name="web-1", target="", facts=Facts(), first_seen=NOW, last_asked=NOW)
    told = Facts.from_observations(Estatewide.of([bare]).observations(bare))
    assert isinstance(told.of(SHARED_ADDRESSES), Unknown)
    assert isinstance(told.of(NAMESAKES), Unknown)
