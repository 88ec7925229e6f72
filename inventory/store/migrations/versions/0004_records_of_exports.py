"""What exports tell is kept beside what servers said; several records may be one server.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take all that was stored for servers that were asked, each by itself."""
    op.add_column(
        "server", sa.Column("source", sa.Text, nullable=False, server_default="asked")
    )
    op.add_column("server", sa.Column("source_key", sa.Text))
    op.add_column(
        "server", sa.Column("nearness", sa.String(20), nullable=False, server_default="ASKED")
    )
    op.add_column("server", sa.Column("merged_into", sa.String(32)))
    op.create_index("ix_server_merged_into", "server", ["merged_into"])
    op.create_index("uq_server_source_key", "server", ["source", "source_key"], unique=True)
