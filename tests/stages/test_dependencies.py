"""Which servers depend on which, by what either end sees."""

from __future__ import annotations

from datetime import UTC, datetime

from inventory.applications.addresses import AddressBook
from inventory.applications.dependencies import dependencies
from inventory.model.application import Dependency
from inventory.model.fact import Facts
from inventory.model.facts import CONNECTIONS, INTERFACES, LISTENERS
from inventory.model.parts import Connection, Direction, Interface, Listener, Protocol
from inventory.model.server import Server

NOW = datetime(2026, 11, 23, tzinfo=UTC)
IN, OUT, LOOP = Direction.INBOUND, Direction.OUTBOUND, Direction.LOOPBACK


def connection(
    direction: Direction,
    local: tuple[str, int],
    remote: tuple[str, int],
    process: str | None = None,
) -> Connection:
    """Make an established connection."""
    return Connection(
        protocol=Protocol.TCP,
        direction=direction,
        local_address=local[0],
        local_port=local[1],
        remote_address=remote[0],
        remote_port=remote[1],
        process=process,
    )


def server(
    name: str,
    addresses: tuple[str, ...],
    *connections: Connection,
    listens: dict[int, str] | None = None,
) -> Server:
    """Make a server with its addresses, what it listens on and whom it talks to."""
    listeners = tuple(
        Listener(protocol=Protocol.TCP, address="::", port=port, process=process)
        for port, process in (listens or {}).items()
    )
    facts = Facts.from_observations(
        (
            INTERFACES.known(
                (
                    Interface(name="lo", addresses=("127.0.0.1/8", "::1/128")),
                    Interface(name="eth0", addresses=addresses),
                )
            ),
            LISTENERS.known(listeners),
            CONNECTIONS.known(connections),
        )
    )
    return Server(
        id=name,
        name=name,
        target=f"ssh://{name}",
        facts=facts,
        first_seen=NOW,
        last_asked=NOW,
    )


def uses(
    client: str,
    server: str,
    port: int,
    process: str | None = None,
    connections: int = 1,
    by: tuple[str, ...] = (),
) -> Dependency:
    """Make the dependency that is expected."""
    return Dependency(
        client=client,
        server=server,
        protocol="tcp",
        port=port,
        process=process,
        connections=connections,
        client_processes=by,
    )


WEB, DB = ("10.0.0.1/24",), ("10.0.0.2/24",)


def test_both_ends_of_a_connection_are_one_dependency() -> None:
    """What two servers see of the same connections counts once, without the client's ports."""
    told = dependencies(
        [
            server(
                "web",
                WEB,
                connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432), "python3"),
                connection(OUT, ("10.0.0.1", 40002), ("10.0.0.2", 5432), "python3"),
            ),
            server(
                "db",
                DB,
                connection(IN, ("10.0.0.2", 5432), ("10.0.0.1", 40001), "postgres"),
                connection(IN, ("10.0.0.2", 5432), ("10.0.0.1", 40002), "postgres"),
                listens={5432: "postgres"},
            ),
        ]
    )
    assert told == (uses("web", "db", 5432, "postgres", 2, by=("python3",)),)


def test_one_end_is_enough() -> None:
    """A server that could not be asked is still known to be used."""
    told = dependencies(
        [
            server("web", WEB, connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432))),
            server("db", DB, listens={5432: "postgres"}),
        ]
    )
    assert told == (uses("web", "db", 5432, "postgres"),)


def test_a_client_that_is_not_asked_is_seen_from_the_server() -> None:
    """The server's own view names its client."""
    told = dependencies(
        [
            server("web", WEB),
            server("db", DB, connection(IN, ("10.0.0.2", 5432), ("10.0.0.1", 40001), "postgres")),
        ]
    )
    assert told == (uses("web", "db", 5432, "postgres"),)


def test_what_is_not_in_the_estate_is_outside() -> None:
    """Users and services elsewhere are kept, by their address."""
    told = dependencies(
        [
            server(
                "web",
                WEB,
                connection(IN, ("10.0.0.1", 443), ("198.51.100.7", 50000), "nginx"),
                connection(OUT, ("10.0.0.1", 40001), ("203.0.113.9", 443), "python3"),
            )
        ]
    )
    assert told == (
        uses("outside:198.51.100.7", "web", 443, "nginx"),
        uses("web", "outside:203.0.113.9", 443, by=("python3",)),
    )


def test_the_end_that_waits_for_others_is_believed() -> None:
    """An end that saw no listener, and guessed, does not turn the arrow round."""
    told = dependencies(
        [
            server(
                "db",
                DB,
                connection(OUT, ("10.0.0.2", 5432), ("10.0.0.1", 40001)),
            ),
            server("web", WEB, connection(OUT, ("10.0.0.1", 40001), ("10.0.0.2", 5432))),
        ]
    )
    assert told == (uses("web", "db", 5432),)


def test_talk_of_a_server_with_itself_is_no_dependency() -> None:
    """Neither loopback nor a server's own address make it depend on itself."""
    told = dependencies(
        [
            server(
                "web",
                WEB,
                connection(LOOP, ("127.0.0.1", 40001), ("127.0.0.1", 6379)),
                connection(OUT, ("10.0.0.1", 40002), ("10.0.0.1", 80)),
            )
        ]
    )
    assert told == ()


def test_the_same_address_in_other_spellings_is_the_same() -> None:
    """IPv6 addresses and mapped IPv4 ones join all the same."""
    told = dependencies(
        [
            server(
                "web",
                ("2001:db8::1/64", *WEB),
                connection(OUT, ("::ffff:10.0.0.1", 40001), ("::ffff:10.0.0.2", 5432)),
                connection(OUT, ("2001:db8::1", 40002), ("2001:0DB8:0::2", 5432)),
            ),
            server("db", ("2001:db8::2/64", *DB)),
        ]
    )
    assert told == (uses("web", "db", 5432, connections=2),)


def test_an_address_that_several_have_is_not_joined_blindly() -> None:
    """Which of them is meant is not known, and the address is told as shared."""
    estate = [
        server("web", WEB, connection(OUT, ("10.0.0.1", 40001), ("10.0.0.9", 5432))),
        server("db-1", ("10.0.0.9/24",)),
        server("db-2", ("10.0.0.9/24",)),
    ]
    assert dependencies(estate) == (uses("web", "outside:10.0.0.9", 5432),)
    assert AddressBook.of(estate).shared() == {"10.0.0.9": frozenset({"db-1", "db-2"})}


def test_of_several_with_an_address_the_one_that_sees_the_connection_is_meant() -> None:
    """The active member of a cluster is told from the passive one."""
    told = dependencies(
        [
            server("web", WEB, connection(OUT, ("10.0.0.1", 40001), ("10.0.0.9", 5432))),
            server("db-1", ("10.0.0.9/24",)),
            server(
                "db-2",
                ("10.0.0.9/24",),
                connection(IN, ("10.0.0.9", 5432), ("10.0.0.1", 40001), "postgres"),
            ),
        ]
    )
    assert told == (uses("web", "db-2", 5432, "postgres"),)


def test_the_connection_that_asked_stays_recognisable() -> None:
    """Discovery's own SSH connection is kept, on port 22."""
    told = dependencies(
        [server("web", WEB, connection(IN, ("10.0.0.1", 22), ("10.0.0.250", 50022), "sshd"))]
    )
    assert told == (uses("outside:10.0.0.250", "web", 22, "sshd"),)


def test_loopback_addresses_join_nobody() -> None:
    """Every server has 127.0.0.1; it means none of them."""
    assert AddressBook.of([server("web", WEB), server("db", DB)]).owners("127.0.0.1") == frozenset()


def test_servers_that_told_nothing_depend_on_nothing_known() -> None:
    """An unreachable server is no error."""
    silent = Server(id="x", name="x", target="ssh://x", first_seen=NOW, last_asked=NOW)
    assert dependencies([silent]) == ()
