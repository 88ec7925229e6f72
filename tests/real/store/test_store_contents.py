"""What servers and visits have in common is kept once, and comes back to the byte."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, delete, func, insert, select, table
from visiting import NOON, at, new_run, say, visit

from inventory.errors import StoreError
from inventory.model import facts
from inventory.model.fact import Observation
from inventory.model.parts import Connection, Direction, Package, Protocol
from inventory.store import opening
from inventory.store.answers import raw_answer
from inventory.store.engine import make_engine
from inventory.store.facts import Reader
from inventory.store.keys import Keys
from inventory.store.raw import pack_raw, unpack_raw
from inventory.store.servers import servers
from inventory.store.sightings import sightings
from inventory.store.store import Store
from inventory.store.tables import CONTENT, RUN, SERVER, VISIT
from inventory.store.url import parse
from inventory.store.visits import record_visit, visits

BOUNDARY = "0123456789abcdef"
FACT = table("fact", *map(column, ("server_id", "name", "known", "body")))
"""As the first two versions had it."""


def packages(count: int) -> Observation:
    """Return the fact of so many packages, made anew each time."""
    return facts.PACKAGES.known(
        tuple(Package(name=f"p{each}", version="1", manager="dpkg") for each in range(count))
    )


def kept(store: Store) -> int:
    """Count what is kept apart."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(CONTENT)).scalar() or 0


def raw(boundary: str, answer: bytes) -> bytes:
    """Return what a server said that was asked one question."""
    mark = f"@{boundary}".encode()
    return b"\n".join([b"hello", mark + b" begin packages", answer, mark + b" end packages 0", b""])


def test_what_servers_have_in_common_is_kept_once(store: Store) -> None:
    """The same long value of two servers, and of two visits, is there one time, for both."""
    one = say(store, "ssh://a", facts.HOSTNAME.known("a"), packages(100))
    other = say(store, "ssh://b", facts.HOSTNAME.known("b"), packages(100))
    say(store, "ssh://a", facts.HOSTNAME.known("a"), packages(100), minutes=5)
    assert kept(store) == 1
    for server in (one, other, *servers(store)):
        assert server.facts.value(facts.PACKAGES) == packages(100).fact.value  # type: ignore[union-attr]
    assert [len(each.observations) for each in visits(store, one.id)] == [2, 2]


def test_raw_answers_share_what_they_have_in_common(store: Store) -> None:
    """Two runs have different frames, and the same answer between them is kept once."""
    first, second = (raw(digit * 16, b"Package: x\n" * 200) for digit in "ab")
    runs = [new_run(store), new_run(store)]
    for run, said in zip(runs, (first, second), strict=True):
        server = record_visit(store, run, visit("ssh://a", raw=said))
    assert [raw_answer(store, server.id, run) for run in runs] == [first, second]
    assert kept(store) == 1


@given(said=st.lists(st.binary(max_size=80)), filling=st.binary(min_size=600, max_size=900))
def test_any_bytes_come_back(said: list[bytes], filling: bytes) -> None:
    """Frames, halves of frames, and bytes beyond any text come back as they were."""
    frame = f"\n@{BOUNDARY} begin x\n".encode()
    whole = frame.join([*said, filling, frame[: len(frame) // 2], filling])
    packed, contents = pack_raw(whole)
    assert unpack_raw(packed, contents) == whole


def test_a_lost_content_is_an_error_and_no_empty_value(store: Store) -> None:
    """A database that was cut says so, rather than that a server has no packages."""
    say(store, "ssh://a", packages(100))
    with store.writing() as connection:
        connection.execute(delete(CONTENT))
    with pytest.raises(StoreError, match="not in the database"):
        servers(store)


def test_a_store_of_the_first_version_is_read_as_it_was(url: str) -> None:
    """What was stored before values were kept apart keeps its facts, history and raw answers."""
    old = Store(engine=make_engine(parse(url)), keys=Keys())
    config = Config()
    folder = Path(opening.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    document = {"known": [{"manager": "dpkg", "name": "p0", "version": "1"}]}
    with old.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(insert(RUN).values(id="r", command="discover", started=NOON))
        connection.execute(
            insert(SERVER).values(
                id="s", name="a", target="ssh://a", first_seen=NOON, last_asked=NOON
            )
        )
        body = json.dumps(document)
        row = {"server_id": "s", "name": "software.packages", "known": True, "body": body}
        connection.execute(insert(FACT).values(**row))
        connection.execute(
            insert(VISIT).values(
                run_id="r",
                server_id="s",
                target="ssh://a",
                at=NOON,
                seconds=1,
                why_server="",
                observations=zlib.compress(json.dumps({"software.packages": document}).encode()),
                raw=zlib.compress(b"as it came"),
                stderr=zlib.compress(b""),
            )
        )
    old.close()
    with opening.open_store(url) as store:
        (server,) = servers(store)
        (told,) = visits(store, "s")
        assert server.facts.value(facts.PACKAGES) == packages(1).fact.value  # type: ignore[union-attr]
        assert [each.fact for each in told.observations] == [packages(1).fact]
        assert raw_answer(store, "s") == b"as it came"


def connected(*ports: int, direction: Direction = Direction.INBOUND) -> Observation:
    """Return the fact of connections of one client, from these ports of its own."""
    return facts.CONNECTIONS.known(
        tuple(
            Connection(
                protocol=Protocol.TCP,
                direction=direction,
                local_address="10.0.0.4",
                local_port=5432,
                remote_address="10.0.0.9",
                remote_port=port,
                process="postgres",
            )
            for port in ports
        )
    )


def test_connections_are_remembered_with_when_they_were_seen(store: Store) -> None:
    """One use of a service is one sighting, however many connections and looks it was seen in."""
    server = say(store, "ssh://a", connected(50001, 50002), minutes=1)
    say(store, "ssh://a", connected(50777), minutes=9)
    say(store, "ssh://a", facts.CONNECTIONS.known(()), minutes=20)
    (seen,) = sightings(store)[server.id]
    assert (seen.remote_address, seen.port, seen.process) == ("10.0.0.9", 5432, "postgres")
    assert (seen.first_seen, seen.last_seen) == (at(1), at(9))
    assert (seen.looks, seen.most_at_once) == (2, 2)


def test_what_a_server_says_to_itself_is_no_sighting(store: Store) -> None:
    """Loopback stays apart."""
    say(store, "ssh://a", connected(50001, direction=Direction.LOOPBACK))
    assert sightings(store) == {}


def test_what_two_readings_state_alike_is_read_once_and_then_forgotten(store: Store) -> None:
    """A large estate is read in parts: its packages are one object while they keep coming."""
    for target in ("ssh://root@10.0.0.1", "ssh://root@10.0.0.2"):
        say(store, target, packages(100))
    with store.reading() as connection:
        one, two = connection.execute(select(VISIT.c.observations)).scalars()
        reader = Reader(keys=store.keys)
        ((first,),) = reader.read(connection, [one])
        ((second,),) = reader.read(connection, [two])
        assert second.fact is first.fact
        assert second.origin != first.origin
        assert reader.read(connection, [None]) == [()]
        ((later,),) = reader.read(connection, [one])
    assert later == first
    assert later.fact is not first.fact
