"""Which records each import told of is kept, so that it can be told which are gone.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the rolls; of imports before this one there is none."""
    op.create_table(
        "roll",
        sa.Column("run_id", sa.String(40), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
    )
