"""Real database servers for the tests of comparisons: two databases on one server of their own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import psycopg
from sights import HeldMemory, sight

from inventory.registry import Registry
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
        self._run(self.old, statements)

    def on_new(self, *statements: str) -> None:
        """Run statements in the new database."""
        self._run(self.new, statements)

    def _run(self, url: str, statements: tuple[str, ...]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for each in statements:
                connection.execute(each.encode())


def postgresql_pair(server: postgresql.PostgreSql) -> Pair:
    """Return two empty databases of a server, where nothing but the test itself ever writes."""
    old, new = (server.database(f"data_{next(_NUMBERS)}") for _ in range(2))
    pair = Pair(check="postgresql-data", old=old, new=new)
    pair.on_old("alter system set autovacuum = off", "select pg_reload_conf()")
    return pair
