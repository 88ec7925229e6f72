"""The new SQL Server database holds the same rows as the old one, table by table.

Rows are summed up inside both databases, each in one snapshot; only where sums differ are the keys
and hashes of some rows fetched. It was written from Microsoft's documentation and has never met a
real SQL Server: try it on copies first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._database_parameters import parameters
from migrate.checks._databases import compare
from migrate.data.addresses import Address
from migrate.data.sqlserver import OPTIONS, SCHEMES, SqlServer, open_sqlserver
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    return compare(sight, given, schemes=SCHEMES, options=OPTIONS, open_side=_open)


def _open(where: Address, connect_seconds: float, statement_seconds: float) -> SqlServer:
    return open_sqlserver(
        where, connect_seconds=connect_seconds, statement_seconds=statement_seconds
    )


CHECK = Check(
    parameters=parameters("SQL Server", "sqlserver://reader@db-1:1433/shop?ca=/etc/ssl/ca.pem"),
    run=_run,
    reads="Counts and sums up the rows of every table of both databases in a snapshot, and reads "
    "identity columns and sequences. Never tried on a real SQL Server.",
    about=About.BOTH,
)
