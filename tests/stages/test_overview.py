"""Status tells a broken chain and a forged signature, and shares its work among processors."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from inventory.errors import StoreError, UsageError
from inventory.store.chain import ChainRow, rows, rows_about
from migrate import overview
from migrate.ledger.book import enter, read_ledger, walk_on
from migrate.ledger.chain import START, row_digest
from migrate.model.evidence import Outcome
from migrate.model.plan import Plan
from migrate.model.standing import Standing, Turn
from migrate.records import save_plan
from migrate.selection import one_move
from migrate.sharing import share_out
from migrate.stages import plan, status, test
from migrate.standings import Standings
from tests.stages.ledgers import evidence
from tests.stages.workbenches import KEYS, Scene, scene

SERVERS = ("s1", "s2", "s3")


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene with three planned servers, of which each passed its tests."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        move = one_move(made.bench.store, "web-1")
        moves = tuple(replace(move, server_id=each, server=each) for each in SERVERS)
        now = made.clock()
        save_plan(made.bench.store, Plan(moves=moves, unplanned=(), warnings=(), at=now))
        for each in SERVERS:
            for check in ("ec2-instance", "listeners-parity"):
                proof = replace(evidence(each, check), at=now, expires=now.replace(year=2030))
                enter(made.bench.store, proof, at=now, signer=KEYS["tests"].signer)
        with made.bench.store.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER chain_no_update")
        yield made


@pytest.fixture(params=[1, 200], ids=["each apart", "together"])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Judge so many servers together; of more than that, signatures are believed at first."""
    monkeypatch.setattr(overview, "_AT_ONCE", request.param)
    return int(request.param)


def turns(found: tuple[Standing, ...]) -> dict[str, Turn]:
    """Return whose turn each of the three is."""
    return {each.server: each.turn for each in found if each.server in SERVERS}


def change(made: Scene, seq: int, alter: Callable[[ChainRow], ChainRow]) -> None:
    """Change an entry of the ledger behind its back."""
    row = alter(rows(made.bench.store)[seq - 1])
    with closing(sqlite3.connect(made.folder / "decant.db", isolation_level=None)) as file:
        file.execute(
            "UPDATE chain SET body = ?, digest = ? WHERE seq = ?", (row.body, row.digest, seq)
        )


def forged(row: ChainRow) -> ChainRow:
    """Return an entry with another signature, of which the digest fits."""
    envelope = json.loads(row.body)
    envelope["signatures"][0]["sig"] = base64.b64encode(b"x" * 64).decode()
    body = json.dumps(envelope, sort_keys=True, separators=(",", ":"))
    digest = row_digest(
        previous=row.previous,
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        subject=row.subject,
        body=body,
    )
    return replace(row, body=body, digest=digest)


def altered(row: ChainRow) -> ChainRow:
    """Return an entry whose digest does not fit any more."""
    return replace(row, body=row.body.replace('"sig":"', '"sig": "'))


def test_all_stand_alike_however_they_are_judged(three: Scene, at_once: int) -> None:
    """In one go or each in a process of its own; and as each was proved."""
    del at_once
    assert turns(status.run(three.bench)) == dict.fromkeys(SERVERS, Turn.APPROVE)


def test_nothing_is_shown_that_rests_on_a_forged_signature(three: Scene, at_once: int) -> None:
    """The server that is shown waits for somebody to look; the gate would refuse, too."""
    change(three, 6, forged)  # the last entry, so that the chain is whole
    found = {each.server: each for each in status.run(three.bench)}
    assert found["s3"].turn is Turn.LOOK
    assert "entry 6 is forged" in found["s3"].blocks
    assert found["s3"].next == "decant ledger verify"
    assert {found["s1"].turn, found["s2"].turn} == {Turn.APPROVE}
    assert "entry 6 is forged" in str(
        read_ledger(three.bench.store, three.bench.trust, of="s3").verification.fault
    )
    del at_once


def test_of_many_only_those_that_are_shown_are_verified(
    three: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are believed until they are shown, and then not any more."""
    monkeypatch.setattr(overview, "_AT_ONCE", 1)
    change(three, 6, forged)
    memory = Standings()
    assert turns(status.run(three.bench, memory, few=2))["s3"] is Turn.APPROVE
    verified = {server for server, each in memory.memory.servers.items() if each.verified}
    assert verified == {"s1", "s2"}
    assert turns(status.run(three.bench, memory))["s3"] is Turn.LOOK
    assert set(memory.memory.servers) == {"s1", "s2"}  # a fault is not remembered


def test_an_entry_that_is_no_text_any_more_is_named(three: Scene, at_once: int) -> None:
    """Which one it is, and not only that the database cannot be read."""
    del at_once
    with closing(sqlite3.connect(three.folder / "decant.db", isolation_level=None)) as file:
        file.execute("UPDATE chain SET body = CAST(x'80' AS TEXT) WHERE seq = 4")
    with pytest.raises(StoreError, match="ledger entry 4 was altered"):
        status.run(three.bench)
    with pytest.raises(StoreError, match="ledger entry 4 was altered"):
        rows_about(three.bench.store, {"s2"})
    assert [each.seq for each in rows_about(three.bench.store, {"s3", "s1"})] == [1, 2, 5, 6]


def test_a_broken_chain_stops_all(three: Scene, at_once: int) -> None:
    """As at the gate: a fault anywhere is a fault for every server. Nothing of it is remembered."""
    del at_once
    change(three, 1, altered)
    memory = Standings()
    found = status.run(three.bench, memory)
    assert turns(found) == dict.fromkeys(SERVERS, Turn.LOOK)
    assert "entry 1 was altered" in next(each.blocks for each in found if each.server == "s2")
    assert memory == Standings()


def test_what_is_new_of_the_chain_is_walked_each_time(three: Scene, at_once: int) -> None:
    """A chain that was whole is walked on from its last entry."""
    del at_once
    memory = Standings()
    status.run(three.bench, memory)
    assert memory.memory.walked == 6
    now = three.clock()
    again = replace(evidence("s1", "ec2-instance"), at=now, expires=now.replace(year=2030))
    enter(three.bench.store, again, at=now, signer=KEYS["tests"].signer)
    change(three, 7, altered)
    assert turns(status.run(three.bench, memory)) == dict.fromkeys(SERVERS, Turn.LOOK)


def test_a_test_verifies_what_is_entered_about_its_own_server(three: Scene) -> None:
    """A forged signature elsewhere is found by whatever acts; a test needs its own server's."""
    change(three, 6, forged)
    plan.run(three.bench)
    move = one_move(three.bench.store, "web-1")
    for _ in range(2):
        proof = test.run(three.bench, move, "test")
        assert proof.outcome is Outcome.PASSED
    mine = {each.digest for each in rows(three.bench.store, move.server_id)}
    assert len(mine) == 4
    verified = {digest for digest, _ in three.bench.trust.verified}
    assert verified < mine
    assert len(verified) == 2  # those of the first run, by the second


@pytest.mark.parametrize("walked", [0, 3, 6, 7])
@pytest.mark.parametrize("head", ["", "other"])
def test_a_chain_is_walked_on_from_where_it_was_left(three: Scene, walked: int, head: str) -> None:
    """From the first entry when the last one is not the same, or is not there any more."""
    store = three.bench.store
    known = [START, *(each.digest for each in rows(store)), "gone"]
    found = walk_on(store, walked, head or known[walked])
    assert (found.entries, found.head, found.fault) == (6, known[6], None)
    change(three, 2, altered)
    found = walk_on(store, walked, head or known[walked])
    begins_after = not head and walked in {3, 6}
    assert found.fault == (None if begins_after else "entry 2 was altered")


def _square(number: int) -> int:
    return number * number


def _fails_elsewhere(here: int, number: int) -> int:
    if os.getpid() != here:
        raise UsageError("not here")
    return number


def _dies_elsewhere(here: int, number: int) -> int:
    if os.getpid() != here:
        os._exit(1)
    return number


@pytest.mark.parametrize("processors", [1, 2, 5])
def test_shared_work_comes_back_in_its_order(processors: int) -> None:
    """As many processes as there are processors, or tasks."""
    tasks = [partial(_square, each) for each in range(4)]
    assert share_out(tasks, processors) == [0, 1, 4, 9]
    assert share_out([], processors) == []


@pytest.mark.parametrize("task", [_fails_elsewhere, _dies_elsewhere])
def test_what_a_process_could_not_do_is_done_here(task: Callable[[int, int], int]) -> None:
    """Whether it failed or died, nothing is lost."""
    tasks = [partial(task, os.getpid(), each) for each in range(5)]
    assert share_out(tasks, 2) == [0, 1, 2, 3, 4]


def test_what_fails_here_too_is_raised() -> None:
    """An error of one task is the caller's to tell."""
    with pytest.raises(UsageError, match="not here"):
        share_out([partial(_fails_elsewhere, 0, 1), partial(_square, 2)], 2)
