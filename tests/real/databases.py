"""Real database servers for the tests of comparisons: two databases on one server of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pymysql
import pytest
from mariadb import MariaDb
from sights import HeldMemory, sight

from inventory.registry import Registry
from migrate.data.model import How, Place, Tally
from migrate.data.side import Side
from migrate.model.check import Check
from migrate.model.evidence import CheckResult
from tests.real.store import postgresql

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
_NUMBERS = count()


@dataclass
class Pair:
    """An old and a new database, and a check that compares them."""

    check: str
    old: str
    """URL."""
    new: str
    execute: Callable[[str, Sequence[str]], None]
    """Runs statements in the database under a URL."""
    memory: HeldMemory = field(default_factory=HeldMemory)

    def run(self, **parameters: Any) -> CheckResult:
        """Compare them."""
        given = {"old": {"url": self.old}, "new": {"url": self.new}, **parameters}
        seen = replace(sight(seconds=5), memory=self.memory)
        return CHECKS.one(self.check).value.run(seen, given)

    def both(self, *statements: str) -> None:
        """Run statements in both databases."""
        self.on_old(*statements)
        self.on_new(*statements)

    def on_old(self, *statements: str) -> None:
        """Run statements in the old database."""
        self.execute(self.old, statements)

    def on_new(self, *statements: str) -> None:
        """Run statements in the new database."""
        self.execute(self.new, statements)


def before_table(
    monkeypatch: pytest.MonkeyPatch, side: type[Side], table: str, act: Callable[[], None]
) -> None:
    """Have something happen once in every comparison, just before a table is first read."""
    tally, lock, done = side.tally, threading.Lock(), set[int]()

    def meddled(self: Side, how: How, place: Place, size: float) -> tuple[Tally, Place | None]:
        with lock:
            if how.table == table and how.seed not in done:
                done.add(how.seed)
                act()
        return tally(self, how, place, size)

    monkeypatch.setattr(side, "tally", meddled)


def postgresql_pair(server: postgresql.PostgreSql) -> Pair:
    """Return two empty databases of a server, where nothing but the test itself ever writes."""
    old, new = (server.database(f"data_{next(_NUMBERS)}") for _ in range(2))
    pair = Pair(check="postgresql-data", old=old, new=new, execute=_in_postgresql)
    pair.on_old("alter system set autovacuum = off", "select pg_reload_conf()")
    return pair


def mariadb_pair(server: MariaDb) -> Pair:
    """Return two databases of a server, which do not exist yet."""
    old, new = (f"data_{next(_NUMBERS)}" for _ in range(2))
    return Pair(
        check="mysql-data",
        old=server.url(old),
        new=server.url(new),
        execute=_in_mariadb,
    )


def _in_postgresql(url: str, statements: Sequence[str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


def _in_mariadb(url: str, statements: Sequence[str]) -> None:
    parts = urlsplit(url)
    with pymysql.connect(
        unix_socket=dict(parse_qsl(parts.query))["socket"],
        user=parts.username,
        charset="utf8mb4",
        autocommit=True,
    ) as connection:
        name = parts.path.lstrip("/")
        with connection.cursor() as cursor:
            cursor.execute(f"create database if not exists {name} character set utf8mb4")
            cursor.execute(f"use {name}")
            for each in statements:
                cursor.execute(each)
