"""The new PostgreSQL database holds the same rows as the old one, table by table.

Rows are summed up inside both databases, each in one read-only transaction, as the text that
PostgreSQL writes of them; only where sums differ are the keys and hashes of some rows fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._database_parameters import parameters
from migrate.checks._databases import compare
from migrate.data.addresses import Address
from migrate.data.postgresql import OPTIONS, SCHEMES, PostgreSql, open_postgresql
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    return compare(sight, given, schemes=SCHEMES, options=OPTIONS, open_side=_open)


def _open(where: Address, connect_seconds: float, statement_seconds: float) -> PostgreSql:
    return open_postgresql(
        where, connect_seconds=connect_seconds, statement_seconds=statement_seconds
    )


CHECK = Check(
    parameters=parameters("PostgreSQL", "postgresql://reader@db-1:5432/shop?sslmode=verify-full"),
    run=_run,
    reads="Counts and sums up the rows of every table of both databases in a read-only "
    "transaction, and reads sequences and the list of extensions.",
    about=About.BOTH,
)
