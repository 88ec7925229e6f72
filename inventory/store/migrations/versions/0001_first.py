"""The first tables, and a chain that the database itself keeps append-only.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_GUARD = """
CREATE TRIGGER chain_no_{verb} BEFORE {verb} ON chain
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION chain_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
"""
POSTGRESQL_GUARD = """
CREATE TRIGGER chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chain
FOR EACH STATEMENT EXECUTE FUNCTION chain_append_only()
"""


def upgrade() -> None:
    """Make the tables and the guards of the chain."""
    _runs_and_servers()
    _facts_and_records()
    _chain()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_GUARD.format(verb="update"))
        op.execute(SQLITE_GUARD.format(verb="delete"))
    else:
        op.execute(POSTGRESQL_FUNCTION)
        op.execute(POSTGRESQL_GUARD)


def _runs_and_servers() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("finished", sa.String(32)),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
    )
    op.create_table(
        "server",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False, index=True),
        sa.Column("unreachable", sa.Text),
        sa.Column("first_seen", sa.String(32), nullable=False),
        sa.Column("last_asked", sa.String(32), nullable=False),
        sa.Column("last_answered", sa.String(32)),
    )
    op.create_table(
        "identity",
        sa.Column("server_id", sa.String(32), sa.ForeignKey("server.id"), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("value", sa.String(255), primary_key=True),
        sa.Index("ix_identity_value", "value", "kind"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.String(40), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("server_id", sa.String(32), sa.ForeignKey("server.id"), nullable=False, index=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("why_server", sa.Text, nullable=False),
        sa.Column("unreachable", sa.Text),
        sa.Column("observations", sa.LargeBinary, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("stderr", sa.LargeBinary, nullable=False),
    )


def _facts_and_records() -> None:
    op.create_table(
        "fact",
        sa.Column("server_id", sa.String(32), sa.ForeignKey("server.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "record",
        sa.Column("kind", sa.String(100), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )


def _chain() -> None:
    op.create_table(
        "chain",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.String(128), nullable=False),
        sa.Column("digest", sa.String(128), nullable=False),
        sa.UniqueConstraint("previous", name="uq_chain_previous"),
        sa.UniqueConstraint("digest", name="uq_chain_digest"),
    )
    op.create_table(
        "writer",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
    )
