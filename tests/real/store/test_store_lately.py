"""What a store remembers spares work, and never stands for what the store does not keep."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select
from visiting import WEB_IMAGE, new_run, say, visit

from inventory.errors import StoreError
from inventory.model import facts
from inventory.model.fact import Observation
from inventory.model.run import Visit
from inventory.store.compression import squeeze, unsqueeze
from inventory.store.opening import open_store
from inventory.store.servers import servers
from inventory.store.store import Store
from inventory.store.tables import CONTENT
from inventory.store.texts import Text, Texts
from inventory.store.visits import keep_visit, record_visit


def kept(store: Store) -> int:
    """Count what is kept apart."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(CONTENT)).scalar() or 0


def of(number: int, *told: Observation) -> Visit:
    """Return a visit to one of many servers."""
    return visit(f"ssh://{number}", facts.HOSTNAME.known(f"web-{number}"), *told)


def test_servers_of_one_image_are_told_apart_all_the_same(store: Store) -> None:
    """The same fact objects, told again and again, are each server's, with its own origin."""
    for number in range(6):
        record_visit(store, new_run(store), of(number, WEB_IMAGE))
    for number, server in enumerate(servers(store)):
        assert server.facts[facts.PACKAGES.name].fact == WEB_IMAGE.fact
        origin = server.facts[facts.PACKAGES.name].origin
        assert origin is not None
        assert origin.source == f"ssh://{number}"
    assert kept(store) == 1


def test_what_was_not_stored_is_not_remembered(store: Store) -> None:
    """After visits that failed, the same facts are stored whole."""
    for number in range(3):
        with pytest.raises(StoreError):
            keep_visit(store, "no-such-run", of(number, WEB_IMAGE))
    server = record_visit(store, new_run(store), of(1, WEB_IMAGE))
    assert server.facts[facts.PACKAGES.name].fact == WEB_IMAGE.fact


def test_two_stores_remember_apart(store: Store, empty: Callable[[], str]) -> None:
    """What one keeps is no reason for the other not to."""
    with open_store(empty()) as other:
        for each in (store, store, store, other):
            record_visit(each, new_run(each), of(1, WEB_IMAGE))
        (server,) = servers(other)
        assert server.facts[facts.PACKAGES.name].fact == WEB_IMAGE.fact


def test_what_is_remembered_is_not_asked_for_again(store: Store) -> None:
    """The third server of an image costs no look at the contents."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    for number in range(2):
        say(store, f"ssh://{number}", WEB_IMAGE)
    ready = of(3, WEB_IMAGE)
    run = new_run(store)
    event.listen(store.engine, "before_cursor_execute", note)
    keep_visit(store, run, ready)
    assert statements
    assert not [each for each in statements if "content" in each.lower()]


def test_one_fact_object_under_two_names_is_two_facts() -> None:
    """An unknown that many questions share is told by each under its own name."""
    texts = Texts()
    serial, kernel = (key.known("x") for key in (facts.SERIAL, facts.KERNEL))
    shared = replace(kernel, fact=serial.fact)
    for _ in range(2):
        texts.add([Text(told=[serial], body=b'{"serial":1}', length=12)])
    assert texts.body([serial]) == b'{"serial":1}'
    assert texts.body([shared]) is None


def test_no_more_is_remembered_than_allowed() -> None:
    """The texts that were not used for longest are let go of."""
    texts = Texts(limit_bytes=1000)
    told = [facts.SERIAL.known(str(number)) for number in range(20)]
    for each in told:
        text = Text(told=[each], body=str(each).encode(), length=100)
        texts.add([text])
        texts.add([text])
        assert texts.body([told[0]]) is not None
    remembered = [each for each in told if texts.body([each])]
    assert remembered == [told[0], *told[-9:]]


@pytest.mark.parametrize("compress", [squeeze, zlib.compress])
@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 1000])
def test_whatever_compressed_it_comes_back(
    compress: Callable[[bytes], bytes], content: bytes
) -> None:
    """Earlier versions compressed with zlib."""
    assert unsqueeze(compress(content)) == content
