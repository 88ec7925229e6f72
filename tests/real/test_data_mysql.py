"""Two MariaDB databases are compared on a real server: what differs is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import mariadb
import pytest
from databases import Pair, before_table, mariadb_pair
from sights import SECRETS, HeldMemory

from migrate.data import mysql as side
from migrate.data.addresses import Address
from migrate.model.evidence import Outcome

pytestmark = pytest.mark.mariadb

ORDERS = (
    "create table orders (id int primary key, who varchar(80), amount decimal(12,2))",
    "insert into orders select seq, concat('buyer ', seq), seq * 1.5 from seq_1_to_5000",
)


@pytest.fixture(scope="module")
def server() -> Iterator[mariadb.MariaDb]:
    """Return a running server of this module's own."""
    programs = mariadb.programs()
    if programs is None:
        pytest.skip("MariaDB is not installed: apt-get install mariadb-server")
    running = mariadb.start(*programs)
    yield running
    running.stop()


@pytest.fixture
def pair(server: mariadb.MariaDb) -> Pair:
    """Return two empty databases."""
    made = mariadb_pair(server)
    made.both()
    return made


def test_the_same_rows_pass_and_are_counted(pair: Pair) -> None:
    """The same tables with the same rows pass, whatever order the rows were written in."""
    pair.both(ORDERS[0], "create table empty (id int primary key)")
    pair.on_old(ORDERS[1])
    pair.on_new(ORDERS[1] + " order by seq desc")
    result = pair.run()
    assert result.outcome is Outcome.PASSED
    assert "2 tables with 5,000 rows are the same" in result.detail


def test_each_row_that_differs_is_named(pair: Pair) -> None:
    """A changed, a missing and an additional row are named by table, key and column."""
    pair.both(*ORDERS)
    pair.on_new(
        "update orders set amount = amount + 0.01 where id = 1234",
        "delete from orders where id = 77",
        "insert into orders values (9001, 'nobody', 1)",
    )
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert "orders: 3 rows differ (5,000 rows in the old one, 5,000 in the new)" in result.detail
    assert "id=1234: another value in amount" in result.detail
    assert "id=77: missing" in result.detail
    assert "id=9001: not in the old one" in result.detail


@pytest.mark.parametrize(
    ("type_", "old", "new"),
    [
        ("text", "null", "''"),
        ("varchar(9)", "'a'", "'a '"),
        ("varchar(9) collate utf8mb4_general_ci", "'a'", "'A'"),
        ("varchar(9) character set latin1", "'ä'", "'a'"),
        ("text", "'ä'", "'a\u0308'"),
        ("float", "0.1", "0.10000001"),
        ("double", "0.1", "0.10000000000000002"),
        ("decimal(9,4)", "1.0001", "1.0002"),
        ("datetime(6)", "'2026-03-29 00:59:00'", "'2026-03-29 00:59:00.000001'"),
        ("timestamp null", "'2026-03-29 00:59:00'", "null"),
        ("time", "'-01:00:00'", "'01:00:00'"),
        ("blob", "x'00'", "x'0000'"),
        ("blob", "''", "null"),
        ("binary(2)", "x'0001'", "x'0002'"),
        ("bit(9)", "b'1'", "b'100000000'"),
        ("json", "'{\"a\": 1}'", "'{\"a\": 2}'"),
        ("enum('N','x')", "'N'", "null"),
        ("point", "point(1,2)", "point(2,1)"),
        ("bigint unsigned", "18446744073709551615", "18446744073709551614"),
        ("uuid", "'7d444840-9dc0-11d1-b245-5ffdce74fad2'", "null"),
    ],
)
def test_each_kind_of_value_is_told_apart(pair: Pair, type_: str, old: str, new: str) -> None:
    """Values of each type that are not the same are seen, however alike; the same ones pass."""
    pair.both(f"create table t (id int primary key, v {type_})")
    pair.both(f"insert into t values (1, {old}), (2, {new})")  # noqa: S608 - our own words
    assert pair.run().outcome is Outcome.PASSED
    pair.on_new(f"update t set v = {new} where id = 1")  # noqa: S608 - our own words
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert "id=1: another value in v" in result.detail


def test_values_beside_each_other_do_not_run_together(pair: Pair) -> None:
    """What two columns hold is told apart, wherever one ends and the next begins."""
    pair.both("create table t (id int primary key, a varchar(20), b varchar(20))")
    pair.on_old("insert into t values (1, 'x|1:y', 'z')")
    pair.on_new("insert into t values (1, 'x', 'y|1:z')")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert "id=1: another value in a, b" in result.detail


@pytest.mark.parametrize("rows", [1, 7, 5_000])
def test_keys_of_several_columns_and_odd_names(
    pair: Pair, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Composite keys of text, bytes and dates are compared and named, in parts of any size."""
    monkeypatch.setattr(side, "_ROWS", rows)
    pair.both(
        "create table `T``able %s` (`a b` varchar(20), `%s` varbinary(20), c datetime(3), v int, "
        "primary key (`a b`, `%s`, c))",
        "insert into `T``able %s` select concat('k', seq %% 3), unhex(hex(seq %% 5)), "
        "'2026-01-01' + interval seq second, seq from seq_1_to_60".replace("%%", "%"),
    )
    assert pair.run(part_seconds=0.0001).outcome is Outcome.PASSED
    pair.on_new("update `T``able %s` set v = 99 where v = 31")
    result = pair.run(part_seconds=0.0001)
    assert result.outcome is Outcome.FAILED
    assert "1 row differs" in result.detail
    assert "a b=k1 %s=01 c=2026-01-01 00:00:31.000: another value in v" in result.detail


def test_a_table_without_a_key_is_compared_as_a_whole(pair: Pair) -> None:
    """Rows that no column names are compared as they are, and how often they are there."""
    pair.both("create table log (line text)", "insert into log values ('a'), ('a'), ('b'), (null)")
    result = pair.run()
    assert result.outcome is Outcome.PASSED
    assert result.observed["without_key"] == ["log"]
    pair.on_new("delete from log where line = 'a'", "insert into log values ('a'), ('b')")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert "a row: missing, a row: not in the old one" in result.detail


def test_tables_columns_and_next_numbers_are_compared(pair: Pair) -> None:
    """What one database lacks is named: a table, a column, a number given already."""
    pair.both("create table a (id int primary key auto_increment)")
    pair.on_old(
        "create table b (id int)",
        "alter table a add c int",
        "alter table a auto_increment = 40",
    )
    pair.on_new("create table d (id int)")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    for words in (
        "table b is missing",
        "table d is not in the old one",
        "a: column c is missing",
        "sequence a (auto_increment) stands at 1, behind 40 on the old one",
    ):
        assert words in result.detail


def test_what_keeps_no_snapshot_is_unknown(pair: Pair) -> None:
    """A MyISAM table, and a sequence, are unknown rather than passed over."""
    pair.both("create table m (id int primary key) engine = MyISAM", "create sequence s")
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "m: its engine (MyISAM) keeps no snapshot" in result.detail
    assert "sequence s" in result.detail


def test_both_sides_must_be_two_databases(pair: Pair) -> None:
    """A database that is compared with itself proves nothing."""
    pair.both(*ORDERS)
    result = replace(pair, new=pair.old).run()
    assert result.outcome is Outcome.UNKNOWN
    assert "one and the same" in result.detail


def test_writes_meanwhile_are_not_mixed_in_and_not_passed_over(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows written meanwhile are in neither sum; it does not pass unless writing is allowed."""
    pair.both(*ORDERS)
    change = "update orders set amount = amount + 1 where id = 1"
    before_table(monkeypatch, side.MySql, "orders", lambda: pair.on_old(change))
    for live, outcome in ((False, Outcome.UNKNOWN), (True, Outcome.PASSED)):
        result = pair.run(live=live)
        pair.on_new(change)
        assert result.outcome is outcome
        assert result.observed["written_meanwhile"] == ["orders"]


def test_a_table_emptied_or_dropped_meanwhile_is_unknown(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TRUNCATE and DROP, which a snapshot does not survive, do not make tables look alike."""
    pair.both(
        "create table a (id int primary key)",
        "create table b (id int primary key)",
        "insert into b values (1)",
        "create table c (id int primary key)",
    )
    before_table(monkeypatch, side.MySql, "b", lambda: pair.both("truncate b", "drop table c"))
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "b: Table definition has changed" in result.detail
    assert "c: " in result.detail


def test_a_table_that_may_not_be_read_is_not_passed_over(
    pair: Pair, server: mariadb.MariaDb
) -> None:
    """A table that the account may not read does not count as compared."""
    pair.both("create table a (id int)", "create table b (id int)")
    name = pair.new.partition("@/")[2].partition("?")[0]
    pair.on_new("create user if not exists reader", f"grant select on {name}.a to reader")
    result = replace(pair, new=server.url(name, user="reader")).run()
    assert result.outcome is Outcome.FAILED
    assert "table b is missing" in result.detail


def test_a_cut_connection_is_unknown_and_carried_on(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection cut in the middle is unknown; the next run does not repeat what was done."""
    pair.both("create table a (id int)", "insert into a values (1)", *ORDERS)

    name = pair.new.partition("@/")[2].partition("?")[0]
    others = f"where db = '{name}' and id <> connection_id()"
    listed = f"(select id from information_schema.processlist {others})"  # noqa: S608 - our own
    kill = f"begin not atomic for one in {listed} do kill one.id; end for; end"
    with monkeypatch.context() as patch:
        before_table(patch, side.MySql, "orders", lambda: pair.on_new(kill))
        result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "broke" in result.detail
    again = pair.run()
    assert again.outcome is Outcome.PASSED
    assert again.observed["remembered"] == ["a"]


def test_a_stale_memory_never_passes(pair: Pair) -> None:
    """What was the same before something was written is compared anew."""
    pair.both(*ORDERS)
    assert pair.run().outcome is Outcome.PASSED
    assert pair.run().observed["remembered"] == ["orders"]
    pair.on_old("update orders set who = 'x' where id = 1")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert result.observed["remembered"] == []


def test_a_table_is_carried_on_in_its_middle(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """When time runs out within a table, the next run carries on where it stopped."""
    monkeypatch.setattr(side, "_ROWS", 500)
    pair.both(*ORDERS)
    short = pair.run(minutes=0.02, pause_seconds=0.3, part_seconds=0.0001)
    assert short.outcome is Outcome.UNKNOWN
    assert '"table": "orders"' in next(iter(pair.memory.kept.values()))
    assert pair.run().outcome is Outcome.PASSED
    assert replace(pair, memory=HeldMemory()).run().outcome is Outcome.PASSED


def test_nothing_can_be_written_through_it(pair: Pair, server: mariadb.MariaDb) -> None:
    """The transaction that it reads in refuses to write."""
    pair.both(*ORDERS)
    name = pair.new.partition("@/")[2].partition("?")[0]
    where = Address(
        host="",
        port=None,
        database=name,
        user="root",
        options={"socket": f"{server.folder}/sock"},
        password=None,
    )
    opened = side.open_mysql(where, connect_seconds=5, statement_seconds=5)
    try:
        with pytest.raises(side.CannotTellError, match="READ ONLY"):
            opened._ask("delete from orders")
    finally:
        opened.close()


def test_an_unreachable_database_is_unknown_and_tells_no_password(pair: Pair) -> None:
    """What does not answer is unknown; the password is in no word of it."""
    SECRETS["env:SHOP"] = "swordfish"
    gone = {"url": "mysql://reader@127.0.0.1:1/shop", "password_from": "env:SHOP"}
    result = pair.run(new=gone)
    assert result.outcome is Outcome.UNKNOWN
    assert result.detail.startswith("the new database: 127.0.0.1:1/shop does not let us in")
    assert "swordfish" not in f"{result}"
