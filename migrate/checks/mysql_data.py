"""The new MySQL or MariaDB database holds the same rows as the old one, table by table.

Rows are summed up inside both databases, each in one read-only transaction, as the text of their
values; only where sums differ are the keys and hashes of some rows fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._database_parameters import parameters
from migrate.checks._databases import compare
from migrate.data.addresses import Address
from migrate.data.mysql import OPTIONS, SCHEMES, MySql, open_mysql
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    return compare(sight, given, schemes=SCHEMES, options=OPTIONS, open_side=_open)


def _open(where: Address, connect_seconds: float, statement_seconds: float) -> MySql:
    return open_mysql(where, connect_seconds=connect_seconds, statement_seconds=statement_seconds)


CHECK = Check(
    parameters=parameters("MySQL or MariaDB", "mysql://reader@db-1:3306/shop?tls=verify"),
    run=_run,
    reads="Counts and sums up the rows of every InnoDB table of both databases in a read-only "
    "transaction, and reads the next AUTO_INCREMENT values.",
    about=About.BOTH,
)
