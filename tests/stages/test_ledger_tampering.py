"""Whatever somebody does to a ledger is found, at the entry to which it was done.

A tamperer of the first kind changes what is stored. One of the second kind can also count, and
chains everything anew, so that no digest is wrong any more: signatures hold each entry in its
place.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from inventory.errors import StoreError
from inventory.store.chain import START, ChainRow
from inventory.store.opening import open_store
from inventory.store.store import Store
from inventory.store.tables import CHAIN
from migrate.ledger.book import read_ledger
from migrate.ledger.chain import verify
from migrate.ledger.examining import Examination
from migrate.ledger.statements import open_sealed
from migrate.model.evidence import Approval, Evidence
from tests.stages.ledgers import (
    TRUST,
    approval,
    every_kind,
    evidence,
    read,
    rechained,
    row_of,
    written,
)
from tests.stages.workbenches import KEYS

ROWS = written(every_kind())
LAST = len(ROWS)
Again = Callable[[Sequence[ChainRow]], list[ChainRow]]


def named(fault: str, entry: int) -> bool:
    """Tell whether a fault names an entry."""
    return f"entry {entry} " in f"{fault} "


def test_an_untouched_ledger_is_whole() -> None:
    """Every kind of entry comes back, with the key that signed it."""
    found = read(ROWS)
    assert (found.fault, found.entries) == ("", LAST)
    assert all(each.trusted for each in found.examined)


def test_every_byte_of_every_body_is_guarded() -> None:
    """One bit of any byte is found, and named by its entry."""
    missed = []
    for number, row in enumerate(ROWS, start=1):
        for position in range(len(row.body)):
            flipped = chr(ord(row.body[position]) ^ (1 << position % 7))
            body = row.body[:position] + flipped + row.body[position + 1 :]
            rows = [*ROWS[: number - 1], replace(row, body=body), *ROWS[number:]]
            found = verify(rows)
            if not named(found.fault or "", number) or found.entries != number - 1:
                missed.append((number, position))
    assert missed == []


@pytest.mark.parametrize("entry", range(1, LAST))
def test_a_byte_that_is_flipped_before_all_is_chained_anew_is_found(entry: int) -> None:
    """Before the last entry: the next one was signed after what stood there before."""
    row = ROWS[entry - 1]
    missed = []
    for position in range(0, len(row.body), 11):
        flipped = chr(ord(row.body[position]) ^ 1)
        body = row.body[:position] + flipped + row.body[position + 1 :]
        found = read(rechained([*ROWS[: entry - 1], replace(row, body=body), *ROWS[entry:]]))
        if not (named(found.fault, entry) or named(found.fault, entry + 1)):
            missed.append((position, found.fault))
    assert missed == []


def test_any_byte_of_the_last_entry_chained_anew_is_found_or_proves_nothing() -> None:
    """No entry follows it; but its signature fits no other text, and no other key's name."""
    row, missed = ROWS[-1], []
    for position in range(len(row.body)):
        flipped = chr(ord(row.body[position]) ^ 1)
        body = row.body[:position] + flipped + row.body[position + 1 :]
        found = read(rechained([*ROWS[:-1], replace(row, body=body)]))
        untrusted = found.entries == LAST and not found.examined[-1].trusted
        if not (named(found.fault, LAST) or untrusted):
            missed.append((position, found.fault))
    assert missed == []


@pytest.mark.parametrize("entry", range(1, LAST + 1))
@pytest.mark.parametrize("again", [list, rechained], ids=["as stored", "chained anew"])
def test_a_dropped_entry_is_found(entry: int, again: Again) -> None:
    """Except the last: that shows only against a head that was kept elsewhere."""
    left = [*ROWS[: entry - 1], *ROWS[entry:]]
    found = read(again(left))
    if entry == LAST:
        assert found.fault == ""
        assert "its tail was cut" in (verify(left, known_head=ROWS[-1].digest).fault or "")
    else:
        assert named(found.fault, entry)
        assert found.entries == entry - 1


@pytest.mark.parametrize("again", [list, rechained], ids=["as stored", "chained anew"])
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_doubling_swapping_and_moving_are_found(again: Again, data: st.DataObject) -> None:
    """No rearrangement is taken for the ledger, and none of it counts from there on."""
    rows = list(ROWS)
    first = data.draw(st.integers(0, LAST - 1))
    second = data.draw(st.integers(0, LAST - 1).filter(lambda each: each != first))
    match data.draw(st.sampled_from(["double", "swap", "move"])):
        case "double":
            rows.insert(max(first, second), rows[first])
        case "swap":
            rows[first], rows[second] = rows[second], rows[first]
        case _:
            rows.insert(second, rows.pop(first))
    begin = next(
        (n for n, (a, b) in enumerate(zip(rows, ROWS, strict=False)) if a is not b), len(ROWS)
    )
    found = read(again(rows))
    assert found.fault
    assert found.entries == begin


def test_an_entry_of_another_ledger_is_not_taken() -> None:
    """Signed by the same keys, for the same number, but after another entry."""
    other = written([("Ben", approval("Ben", "EHDC")), ("Ann", approval())])
    taken = row_of(2, ROWS[0].digest, other[1].kind, other[1].subject, other[1].body)
    found = read([ROWS[0], taken])
    assert named(found.fault, 2)
    assert "signed for another place" in found.fault


def test_an_old_statement_is_not_taken_again() -> None:
    """An approval that was withdrawn since cannot be put in once more."""
    rows = written([("Ann", approval()), ("Ann", approval(withdrawn=True))])
    replayed = row_of(3, rows[-1].digest, rows[0].kind, rows[0].subject, rows[0].body)
    found = read([*rows, replayed])
    assert "entry 3 was signed for another place: 1" in found.fault


def test_what_a_stranger_signs_stays_and_proves_nothing() -> None:
    """An entry in its place by a key that nobody trusts is no fault; it has no signer."""
    found = read(written([("Eve", evidence()), ("Eve", approval())]))
    assert found.fault == ""
    assert [each.trusted for each in found.examined] == [False, False]


def test_what_was_entered_of_a_merged_record_is_the_server_s() -> None:
    """No revocation or open act is lost because two records turned out to be one server."""
    rows = written([("tests", evidence())])
    known_as = {evidence().server_id: "the server"}
    examined = Examination(rows, replace(TRUST, verified=set()), known_as=known_as).entries()
    assert [each.entry.server_id for each in examined] == ["the server"]


@pytest.mark.parametrize(
    ("who", "entry"),
    [
        ("tests", approval()),
        ("Ben", approval()),
        ("Ann", evidence()),
        ("Ann", approval("Ann", "EHDC")),
        ("Ann", approval("Cyd", "SBC")),
    ],
    ids=[
        "the tool approves",
        "another person's key",
        "a person tests",
        "another partner",
        "nobody",
    ],
)
def test_a_trusted_key_may_not_say_what_is_anothers_to_say(
    who: str, entry: Evidence | Approval
) -> None:
    """The tool's key approves nothing, a person's tests nothing, and each is one partner's."""
    found = read(written([(who, entry)]))
    assert found.fault == ""
    assert not found.examined[0].trusted


@pytest.mark.parametrize("claimed", ["tests", "Ben"])
def test_a_signature_under_anothers_name_is_forged(claimed: str) -> None:
    """A stranger's signature that names a trusted key is found."""
    (row,) = written([("Eve", evidence())])
    body = json.loads(row.body)
    body["signatures"][0]["keyid"] = KEYS[claimed].signer.public_key.keyid
    found = read(rechained([replace(row, body=json.dumps(body))]))
    assert "entry 1 is forged" in found.fault


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body | {"signatures": []},
        lambda body: body | {"signatures": body["signatures"] * 2},
        lambda body: body | {"payloadType": "application/json"},
        lambda body: body | {"payload": body["payload"][:-4]},
        lambda body: body | {"payload": base64.b64encode(b"{}").decode()},
        lambda _: {"n": 1},
    ],
)
def test_what_is_no_envelope_is_named(change: Callable[[dict[str, object]], object]) -> None:
    """An entry without signature, with two, or of another shape refuses the whole ledger."""
    row = ROWS[-1]
    body = json.dumps(change(json.loads(row.body)))
    found = read(rechained([*ROWS[:-1], replace(row, body=body)]))
    assert f"entry {LAST} " in found.fault


@pytest.mark.parametrize("column", ["kind", "subject"])
def test_an_entry_filed_under_something_else_is_found(column: str) -> None:
    """To hide an entry from its server by filing it under another does not work."""
    row = replace(ROWS[-1], **{column: "other"})
    found = read(rechained([*ROWS[:-1], row]))
    assert found.fault == f"entry {LAST} does not hold what it is filed under"


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """Return a store that holds the ledger, and no guards any more."""
    path = tmp_path / "decant.db"
    with open_store(f"sqlite:///{path}") as store:
        with store.writing() as connection:
            connection.execute(insert(CHAIN), [_columns(each) for each in ROWS])
        with store.engine.begin() as connection:
            for name in ("chain_no_update", "chain_no_delete"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield store, path


def _columns(row: ChainRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("seq", "at", *_TEXTS)}


_TEXTS = ("kind", "subject", "body", "previous", "digest")


def fault_of(store: Store) -> str:
    """Return what reading the stored ledger finds."""
    try:
        return read_ledger(store, TRUST).verification.fault or ""
    except StoreError as error:
        return str(error)


def test_flipped_bytes_in_the_database_are_found(stored: tuple[Store, Path]) -> None:
    """Of three entries every byte but of the body, of that each 97th; some are no text any more."""
    store, path = stored
    assert fault_of(store) == ""
    missed = []
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for seq in (1, 5, LAST):
            for column in ("at", *_TEXTS):
                step = 97 if column == "body" else 1
                asked = f"SELECT {column} FROM chain WHERE seq = {seq}"  # noqa: S608 -- our own words
                (was,) = file.execute(asked).fetchone()
                for position in range(0, len(was), step):
                    raw = bytearray(was.encode())
                    raw[position] ^= 0x80 if position % 5 == 0 else 1
                    change = f"UPDATE chain SET {column} = CAST(? AS TEXT) WHERE seq = {seq}"  # noqa: S608
                    file.execute(change, (bytes(raw),))
                    if not named(fault_of(store), seq):
                        missed.append((seq, column, position))
                    file.execute(change, (was.encode(),))
    assert missed == []
    assert fault_of(store) == ""


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        ("UPDATE chain SET seq = 99 WHERE seq = 4", 4),
        ("UPDATE chain SET seq = 0 WHERE seq = 4", 1),
        ("UPDATE chain SET at = replace(at, 'T', ' ') WHERE seq = 4", 4),
        ("UPDATE chain SET at = 'yesterday' WHERE seq = 4", 4),
        ("UPDATE chain SET body = x'00ff' WHERE seq = 4", 4),
        ("DELETE FROM chain WHERE seq = 4", 4),
    ],
)
def test_rows_altered_in_the_database_are_found(
    stored: tuple[Store, Path], change: str, entry: int
) -> None:
    """Numbers, times written otherwise, bytes in place of text, missing rows."""
    store, path = stored
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(change)
    assert named(fault_of(store), entry)


def test_an_emptied_ledger_shows_against_a_kept_head(stored: tuple[Store, Path]) -> None:
    """An empty ledger is whole in itself; it does not hold what was kept."""
    store, path = stored
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("DELETE FROM chain")
    found = read_ledger(store, TRUST).verification
    assert (found.fault, found.head) == (None, START)
    assert found.lacking([ROWS[-1].digest]) == (ROWS[-1].digest,)


def test_signatures_of_one_server_are_verified_and_others_believed(
    stored: tuple[Store, Path],
) -> None:
    """What is read to speak of one server rests on no signature that was not verified."""
    store, path = stored
    forged = json.loads(ROWS[-1].body)  # the last one, of server s2
    forged["signatures"][0]["sig"] = base64.b64encode(b"x" * 64).decode()
    (row,) = rechained([*ROWS[:-1], replace(ROWS[-1], body=json.dumps(forged))])[-1:]
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(
            "UPDATE chain SET body = ?, digest = ? WHERE seq = ?", (row.body, row.digest, row.seq)
        )
    assert read_ledger(store, TRUST, of="s1").verification.fault is None
    for server in ("s2", None):
        assert "is forged" in (read_ledger(store, TRUST, of=server).verification.fault or "")


def test_what_was_verified_once_is_not_believed_when_it_changes() -> None:
    """The memory of a run is of exactly these bytes under exactly that key."""
    trust = replace(TRUST, verified=set())
    assert read(ROWS, trust).fault == ""
    sealed = open_sealed(ROWS[-1].body)
    assert len(sealed.signature) == 64
    for who in ("tests", "Ann", "Ben"):
        assert KEYS[who].line in trust.lines.values()
    other = replace(trust, lines=trust.lines | {sealed.key: KEYS["Eve"].line})
    assert "is forged" in read(ROWS, other).fault
