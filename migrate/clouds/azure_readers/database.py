"""Databases that Azure runs: SQL databases, and flexible servers of PostgreSQL and MySQL."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers import _flexible, _sql
from migrate.model.reader import Reader
from migrate.model.target_database import Database


def _read(asked: AzureAsked) -> Mapping[str, Database | Unknown]:
    return {**_sql.sql(asked), **_flexible.flexible(asked)}


READER = Reader(tells=Database, calls=(*_sql.CALLS, *_flexible.CALLS), read=_read)
