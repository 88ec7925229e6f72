"""The tables. Every change to them is a migration in ``migrations/versions``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

HEAD: Final = "0005"
"""The newest migration that this version knows."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as ISO 8601 text of constant width, so that text order is time order."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write a time in UTC."""
        del dialect
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read an aware time."""
        del dialect
        return datetime.fromisoformat(value) if value else None


METADATA: Final = MetaData()

RUN: Final = Table(
    "run",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("command", Text, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("finished", UtcTime),
    Column("asked", Integer, nullable=False, default=0),
    Column("answered", Integer, nullable=False, default=0),
)

SERVER: Final = Table(
    "server",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("unreachable", Text),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_asked", UtcTime, nullable=False),
    Column("last_answered", UtcTime),
    # The visit whose statements hold now. No foreign key: visits refer to their servers.
    Column("answered_visit", Integer),
    # What was learnt before it, and not told since; None when it told all there was.
    Column("older_facts", LargeBinary),
    # Who tells of it, under which key of its own: several rows may be one server.
    Column("source", Text, nullable=False, server_default="asked"),
    Column("source_key", Text),
    Column("nearness", String(20), nullable=False, server_default="ASKED"),
    # The row by whose id the server is known; None when it is this one.
    Column("merged_into", String(32), index=True),
    Index("uq_server_source_key", "source", "source_key", unique=True),
)

IDENTITY: Final = Table(
    "identity",
    METADATA,
    Column("server_id", ForeignKey("server.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("value", String(255), primary_key=True),
    Index("ix_identity_value", "value", "kind"),
)

VISIT: Final = Table(
    "visit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("server_id", ForeignKey("server.id"), nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("why_server", Text, nullable=False),
    Column("unreachable", Text),
    Column("observations", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("stderr", LargeBinary, nullable=False),
)

CONTENT: Final = Table(
    "content",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

SIGHTING: Final = Table(
    "sighting",
    METADATA,
    Column("server_id", ForeignKey("server.id"), primary_key=True),
    Column("protocol", String(8), primary_key=True),
    Column("direction", String(16), primary_key=True),
    Column("local_address", String(64), primary_key=True),
    Column("remote_address", String(64), primary_key=True),
    Column("port", Integer, primary_key=True, autoincrement=False),
    Column("process", String(255), primary_key=True),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("most_at_once", Integer, nullable=False),
)

ROLL: Final = Table(
    "roll",
    METADATA,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("keys", LargeBinary, nullable=False),
)

RECORD: Final = Table(
    "record",
    METADATA,
    Column("kind", String(100), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

CHAIN: Final = Table(
    "chain",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(100), nullable=False),
    Column("subject", String(255), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("previous", String(128), nullable=False),
    Column("digest", String(128), nullable=False),
    UniqueConstraint("previous", name="uq_chain_previous"),
    UniqueConstraint("digest", name="uq_chain_digest"),
)

WRITER: Final = Table(
    "writer",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)
