"""Long values kept once, and connections as they were seen over time.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. What was stored before stays as it is, and is read as it is."""
    op.create_table(
        "content",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "sighting",
        sa.Column("server_id", sa.String(32), sa.ForeignKey("server.id"), primary_key=True),
        sa.Column("protocol", sa.String(8), primary_key=True),
        sa.Column("direction", sa.String(16), primary_key=True),
        sa.Column("local_address", sa.String(64), primary_key=True),
        sa.Column("remote_address", sa.String(64), primary_key=True),
        sa.Column("port", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("process", sa.String(255), primary_key=True),
        sa.Column("first_seen", sa.String(32), nullable=False),
        sa.Column("last_seen", sa.String(32), nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("most_at_once", sa.Integer, nullable=False),
    )
