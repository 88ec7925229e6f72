"""Records keep every version; the chain only grows, in one line, whoever writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from visiting import NOON, at

from inventory.errors import StoreError
from inventory.store.chain import START, ChainRow, append_row, rows
from inventory.store.opening import open_store
from inventory.store.records import latest_records, put_record, records
from inventory.store.store import Store


def _digest(**parts: object) -> str:
    return f"{parts['seq']}<{parts['previous']}"[:100]


def _append(store: Store, subject: str, moment: datetime = NOON) -> ChainRow:
    return append_row(store, at=moment, kind="note", subject=subject, body="{}", digest_of=_digest)


def test_a_new_body_is_a_new_version(store: Store) -> None:
    """Every version stays; the latest is what stages read."""
    put_record(store, kind="plan", key="estate", body="1", at=NOON)
    put_record(store, kind="plan", key="estate", body="2", at=at(1))
    put_record(store, kind="verdict", key="estate", body="3", at=at(2))
    versions = records(store, "plan", "estate")
    assert [(each.version, each.body, each.at) for each in versions] == [
        (1, "1", NOON),
        (2, "2", at(1)),
    ]
    assert latest_records(store, "plan") == {"estate": versions[1]}


def test_the_same_body_again_adds_nothing(store: Store) -> None:
    """A stage that is run again with the same result leaves the store as it was."""
    first = put_record(store, kind="plan", key="estate", body="1", at=NOON)
    assert put_record(store, kind="plan", key="estate", body="1", at=at(1)) == first
    assert records(store, "plan", "estate") == (first,)


def test_a_body_that_returns_is_a_version_of_its_own(store: Store) -> None:
    """Going back to an earlier result is history, too."""
    for minute, body in enumerate(("1", "2", "1")):
        put_record(store, kind="plan", key="estate", body=body, at=at(minute))
    assert [each.body for each in records(store, "plan", "estate")] == ["1", "2", "1"]


def test_latest_records_come_in_order_of_their_keys(store: Store) -> None:
    """The order does not hang on the engine or on who wrote last."""
    for key in ("b", "C", "a"):
        put_record(store, kind="verdict", key=key, body="{}", at=NOON)
    assert list(latest_records(store, "verdict")) == ["C", "a", "b"]


def test_each_row_follows_the_one_before(store: Store) -> None:
    """Numbers leave no gap, and each row holds its predecessor's digest."""
    written = tuple(_append(store, subject) for subject in ("a", "b", "a"))
    assert rows(store) == written
    assert [row.seq for row in written] == [1, 2, 3]
    assert [row.previous for row in written] == [START, written[0].digest, written[1].digest]
    assert rows(store, "a") == (written[0], written[2])


def test_the_digest_is_made_of_what_is_read_back(store: Store) -> None:
    """The time that the digest is given is the time that the row later shows, in UTC."""
    given: list[datetime] = []

    def digest_of(**parts: object) -> str:
        given.append(parts["at"])  # type: ignore[arg-type]
        return "d"

    moment = NOON.replace(microsecond=123456).astimezone(timezone(timedelta(hours=2)))
    append_row(store, at=moment, kind="k", subject="s", body="{}", digest_of=digest_of)
    (row,) = rows(store)
    assert given[0].isoformat() == row.at.isoformat() == "2026-11-23T12:00:00.123456+00:00"


def test_many_writers_do_not_fork_the_chain(store: Store, url: str) -> None:
    """Writers at once, each with connections of its own, still make one line."""

    def write(name: str) -> None:
        with open_store(url) as mine:
            for _ in range(5):
                _append(mine, name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, "abcd"))
    line = rows(store)
    assert [row.seq for row in line] == list(range(1, 21))
    assert [row.previous for row in line[1:]] == [row.digest for row in line[:-1]]


@pytest.mark.parametrize("change", ["UPDATE chain SET body = 'forged'", "DELETE FROM chain"])
def test_the_database_refuses_to_change_the_chain(store: Store, change: str) -> None:
    """Even plain SQL over Decant's own connection neither alters nor removes a row."""
    row = _append(store, "a")
    with pytest.raises(StoreError, match="append-only"), store.writing() as connection:
        connection.execute(text(change))
    assert rows(store) == (row,)


def test_the_database_refuses_a_second_successor(store: Store) -> None:
    """A forged row that follows an already followed one is refused by a constraint."""
    _append(store, "a")
    forged = (
        "INSERT INTO chain SELECT seq + 1, at, kind, subject, body, previous, 'other' FROM chain"
    )
    with pytest.raises(StoreError), store.writing() as connection:
        connection.execute(text(forged))
    assert len(rows(store)) == 1
