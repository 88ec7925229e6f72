"""Two PostgreSQL databases are compared on a real server: what differs is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from databases import Pair, before_table, postgresql_pair
from sights import SECRETS, HeldMemory

from migrate.data import postgresql as side
from migrate.data.addresses import Address
from migrate.model.evidence import Outcome
from tests.real.store import postgresql

pytestmark = pytest.mark.postgresql

ORDERS = (
    "create table orders (id int primary key, who text, amount numeric(12,2))",
    "insert into orders select g, 'buyer ' || g, g * 1.5 from generate_series(1, 5000) g",
)


_WIPE = """
do $$ declare name text; begin
  for name in select nspname from pg_namespace where nspname !~ '^pg_'
              and nspname <> 'information_schema' loop
    execute format('drop schema %I cascade', name);
  end loop;
  create schema public;
end $$"""


@pytest.fixture(scope="module")
def databases() -> Iterator[Pair]:
    """Return two databases on a running server of this module's own."""
    programs = postgresql.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    running = postgresql.start(programs)
    yield postgresql_pair(running)
    running.stop()


@pytest.fixture
def pair(databases: Pair) -> Pair:
    """Return the two databases, empty."""
    databases.both(_WIPE)
    return replace(databases, memory=HeldMemory())


def test_the_same_rows_pass_and_are_counted(pair: Pair) -> None:
    """The same tables with the same rows pass, whatever order the rows were written in."""
    pair.both(ORDERS[0], "create table empty (id int primary key)")
    pair.on_old(ORDERS[1])
    pair.on_new(ORDERS[1] + " order by g desc")
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
    assert "public.orders: 3 rows differ (5,000 rows in the old one, 5,000 in the new)" in (
        result.detail
    )
    assert "id=1234: another value in amount" in result.detail
    assert "id=77: missing" in result.detail
    assert "id=9001: not in the old one" in result.detail


@pytest.mark.parametrize(
    ("type_", "old", "new"),
    [
        ("text", "null", "''"),
        ("text", "'a'", "'a '"),
        ("text", "'ä'", "'a\u0308'"),
        ('text collate "C"', "'a'", "'A'"),
        ("text[]", "array['a,b']", "array['a','b']"),
        ("real", "0.1", "0.10000001"),
        ("double precision", "0.1::float8", "0.1::float8 + 1.4e-17"),
        ("double precision", "'NaN'", "'Infinity'"),
        ("numeric", "1.0", "1.00"),
        ("timestamptz", "'2026-03-29 00:59+00'", "'2026-03-29 01:59+00'"),
        ("timestamp", "'infinity'", "'-infinity'"),
        ("interval", "'1 month'", "'30 days'"),
        ("bytea", r"'\\x00'", r"'\\x0000'"),
        ("bytea", "''", "null"),
        ("json", "'{\"a\": 1}'", "'{\"a\":1}'"),
        ("jsonb", "'{\"a\": 1}'", "'{\"a\": 1.0}'"),
        ("boolean", "true", "null"),
        ("uuid", "'7d444840-9dc0-11d1-b245-5ffdce74fad2'", "null"),
        ("int4range", "'[1,3)'", "'[1,4)'"),
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


def test_keys_of_several_columns_and_odd_names(pair: Pair) -> None:
    """Composite text keys with awkward names, values and collations are compared and named."""
    pair.both(
        'create schema "Odd %s"',
        'create table "Odd %s"."T""able" ("a b" text, "%s" text collate "C", "v\'" int, '
        'primary key ("a b", "%s"))',
        """insert into "Odd %s"."T""able" values ('x', 'y', 1), ('x,y', '', 2), ('', 'x,y', 3)""",
    )
    assert pair.run().outcome is Outcome.PASSED
    pair.on_new("""update "Odd %s"."T""able" set "v'" = 9 where "a b" = ''""")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert """a b= %s=x,y: another value in v'""" in result.detail


def test_a_table_without_a_key_is_compared_as_a_whole(pair: Pair) -> None:
    """Rows that no column names are compared as they are, and how often they are there."""
    pair.both("create table log (line text)", "insert into log values ('a'), ('a'), ('b'), (null)")
    result = pair.run()
    assert result.outcome is Outcome.PASSED
    assert result.observed["without_key"] == ["public.log"]
    pair.on_new("delete from log where line = 'a'", "insert into log values ('a'), ('b')")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert "public.log: 2 rows differ (4 rows in the old one, 4 in the new)" in result.detail
    assert "a row: missing, a row: not in the old one" in result.detail


def test_tables_columns_extensions_and_sequences_are_compared(pair: Pair) -> None:
    """What one database lacks is named: a table, a column, an extension, a sequence's progress."""
    pair.both("create table a (id int primary key)")
    pair.on_old(
        "create table b (id int)",
        "alter table a add c int",
        "create extension pgcrypto",
        "create sequence s",
        "select nextval('s') from generate_series(1, 40)",
        "create sequence gone",
    )
    pair.on_new("create table d (id int)", "create sequence s", "select nextval('s')")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    for words in (
        "table public.b is missing",
        "table public.d is not in the old one",
        "public.a: column c is missing",
        "extension pgcrypto is missing",
        "sequence public.s stands at 1, behind 40 on the old one",
        "sequence public.gone is missing",
    ):
        assert words in result.detail


def test_what_is_left_out_or_expected_is_said(pair: Pair) -> None:
    """Tables that are left out do not hinder passing, and the result names them."""
    pair.both("create table a (id int)", "create table session_1 (id int)")
    pair.on_old("insert into session_1 values (1)")
    pair.on_new("create table d (id int)")
    result = pair.run(leave_out=["public.session_*"], expected_new=["public.d"])
    assert result.outcome is Outcome.PASSED
    assert result.observed["aside"] == ["public.session_1: left out as asked"]


def test_partitions_may_be_cut_otherwise(pair: Pair) -> None:
    """A partitioned table is compared as one, however each side cuts it."""
    pair.both("create table p (id int primary key, v text) partition by range (id)")
    pair.on_old("create table p1 partition of p for values from (0) to (10)")
    pair.on_old("create table p2 partition of p for values from (10) to (99)")
    pair.on_new("create table p1 partition of p for values from (0) to (99)")
    pair.both("insert into p select g, 'v' from generate_series(1, 50) g")
    assert pair.run().outcome is Outcome.PASSED
    pair.on_new("delete from p where id = 33")
    assert "public.p: 1 row differs" in pair.run().detail


def test_many_parts_come_to_the_same(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is read in many parts is compared whole."""
    monkeypatch.setattr(side, "_BLOCKS", 1)
    pair.both(*ORDERS)
    assert pair.run(part_seconds=0.0001).outcome is Outcome.PASSED
    pair.on_new("delete from orders where id = 5000")
    assert "id=5000: missing" in pair.run(part_seconds=0.0001).detail


def test_both_sides_must_be_two_databases(pair: Pair) -> None:
    """A database that is compared with itself proves nothing."""
    pair.both(*ORDERS)
    result = replace(pair, new=pair.old).run()
    assert result.outcome is Outcome.UNKNOWN
    assert "one and the same" in result.detail


def test_two_empty_databases_prove_nothing(pair: Pair) -> None:
    """Nothing to compare is unknown."""
    assert pair.run().outcome is Outcome.UNKNOWN


def test_writes_meanwhile_are_not_mixed_in_and_not_passed_over(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows written meanwhile are in neither sum; it does not pass unless writing is allowed."""
    pair.both(*ORDERS)
    change = "update orders set amount = amount + 1 where id = 1"
    before_table(monkeypatch, side.PostgreSql, "public.orders", lambda: pair.on_old(change))
    for live, outcome in ((False, Outcome.UNKNOWN), (True, Outcome.PASSED)):
        result = pair.run(live=live)
        pair.on_new(change)
        assert result.outcome is outcome
        assert result.observed["written_meanwhile"] == ["public.orders"]


def test_a_table_emptied_meanwhile_is_unknown(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """TRUNCATE, which a snapshot does not see, does not make two tables look alike."""
    pair.both("create table a (id int)", "insert into a select generate_series(1, 10)")
    pair.both("create table b (id int primary key)", "insert into b values (1)")
    before_table(monkeypatch, side.PostgreSql, "public.b", lambda: pair.both("truncate b"))
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "public.b: it was emptied or rewritten while it was compared" in result.detail


def test_a_table_dropped_meanwhile_is_unknown(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that goes away while it is compared is unknown; the others are compared."""
    pair.both("create table a (id int)", "create table b (id int)", "create table c (id int)")
    before_table(monkeypatch, side.PostgreSql, "public.b", lambda: pair.on_new("drop table b"))
    result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "public.b" in result.detail
    assert "public.c" not in result.detail


def test_a_table_that_may_not_be_read_is_unknown(pair: Pair) -> None:
    """Without leave to read a table, or all of its rows, it is unknown."""
    pair.both("create table a (id int)", "create table b (id int)", "create table c (id int)")
    pair.both("alter table c enable row level security", "create policy p on c using (id = 1)")
    name = pair.new.partition("@/")[2].partition("?")[0]
    pair.on_new(
        f"create role reader_{name} login",
        f"grant usage on schema public to reader_{name}",
        f"grant select on a, c to reader_{name}",
    )
    new = pair.new.replace(pair.new.partition("@")[0], f"postgresql://reader_{name}")
    result = replace(pair, new=new).run()
    assert result.outcome is Outcome.UNKNOWN
    assert "public.b: permission denied for table b" in result.detail
    assert "public.c: query would be affected by row-level security policy" in result.detail


def test_a_cut_connection_is_unknown_and_carried_on(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection cut in the middle is unknown; the next run does not repeat what was done."""
    pair.both("create table a (id int)", "insert into a select generate_series(1, 10)", *ORDERS)
    kill = (
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where application_name = 'decant' and datname = current_database()"
    )
    with monkeypatch.context() as patch:
        before_table(patch, side.PostgreSql, "public.orders", lambda: pair.on_new(kill))
        result = pair.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "broke" in result.detail
    again = pair.run()
    assert again.outcome is Outcome.PASSED
    assert again.observed["remembered"] == ["public.a"]


def test_a_table_is_carried_on_in_its_middle(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """When time runs out within a table, the next run carries on where it stopped."""
    monkeypatch.setattr(side, "_BLOCKS", 1)
    pair.both(*ORDERS)
    short = pair.run(minutes=0.02, pause_seconds=0.3, part_seconds=0.0001)
    assert short.outcome is Outcome.UNKNOWN
    assert "time allowed is over" in short.detail
    kept = next(iter(pair.memory.kept.values()))
    assert '"table": "public.orders"' in kept
    assert pair.run().outcome is Outcome.PASSED
    pair.memory.kept[next(iter(pair.memory.kept))] = kept
    pair.on_new("update orders set who = 'x' where id = 1")
    assert pair.run().outcome is Outcome.FAILED


def test_a_stale_memory_never_passes(pair: Pair) -> None:
    """What was the same before something was written is compared anew."""
    pair.both(*ORDERS)
    assert pair.run().outcome is Outcome.PASSED
    assert pair.run().observed["remembered"] == ["public.orders"]
    assert pair.run(resume=False).observed["remembered"] == []
    pair.on_old("update orders set who = 'x' where id = 1")
    result = pair.run()
    assert result.outcome is Outcome.FAILED
    assert result.observed["remembered"] == []


def test_a_database_in_use_may_go_on_but_lose_nothing(pair: Pair) -> None:
    """Once the new one is in use, added and changed rows are told; a missing one still fails."""
    pair.both(*ORDERS)
    pair.on_new(
        "insert into orders values (9001, 'new', 1)", "update orders set who = 'x' where id = 1"
    )
    assert pair.run().outcome is Outcome.FAILED
    result = pair.run(used=True)
    assert result.outcome is Outcome.PASSED
    assert "none of 5,000 rows is missing" in result.detail
    assert "2 were added or changed since" in result.detail
    pair.on_new("delete from orders where id = 4000")
    result = pair.run(used=True)
    assert result.outcome is Outcome.FAILED
    assert "id=4000: missing" in result.detail


def test_keys_can_be_hidden(pair: Pair) -> None:
    """Keys that tell of people are given as hashes only."""
    pair.both("create table people (email text primary key, v int)")
    pair.on_old("insert into people values ('jo@example.org', 1)")
    result = pair.run(hide_keys=True)
    assert result.outcome is Outcome.FAILED
    assert "email=sha256:" in result.detail
    assert "jo@example.org" not in f"{result}"


def test_nothing_can_be_written_through_it(pair: Pair) -> None:
    """The transaction that it reads in refuses to write."""
    pair.both(*ORDERS)
    opened = side.open_postgresql(_address(pair.old), connect_seconds=5, statement_seconds=5)
    try:
        with pytest.raises(side.CannotTellError, match="read-only transaction"):
            opened._ask("delete from public.orders", rows=False)
    finally:
        opened.close()


def test_an_unreachable_database_is_unknown_and_tells_no_password(pair: Pair) -> None:
    """What does not answer is unknown; the password is in no word of it."""
    SECRETS["env:SHOP"] = "swordfish"
    gone = {"url": "postgresql://reader@127.0.0.1:1/shop", "password_from": "env:SHOP"}
    result = pair.run(new=gone)
    assert result.outcome is Outcome.UNKNOWN
    assert result.detail.startswith("the new database: 127.0.0.1:1/shop does not let us in")
    assert "swordfish" not in f"{result}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:swordfish@db/shop",
        "postgresql://reader@db/shop?password=swordfish",
        "postgresql://reader@db/shop?options=-cswordfish=1",
        "mysql://reader@db/swordfish",
        "postgresql://[swordfish",
    ],
)
def test_a_password_in_the_url_is_refused(pair: Pair, url: str) -> None:
    """A URL that holds a password, or what we do not know, is refused and not repeated."""
    result = pair.run(old={"url": url})
    assert result.outcome is Outcome.UNKNOWN
    assert "swordfish" not in f"{result}"


def _address(url: str) -> Address:
    return Address(
        host="",
        port=None,
        database=psycopg.conninfo.conninfo_to_dict(url)["dbname"],
        user=str(psycopg.conninfo.conninfo_to_dict(url)["user"]),
        options={"host": str(psycopg.conninfo.conninfo_to_dict(url)["host"])},
        password=None,
    )
