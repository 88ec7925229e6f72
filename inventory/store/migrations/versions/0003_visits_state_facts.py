"""What is known of a server is what its visits stated; facts have no rows of their own.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FACT = sa.table("fact", sa.column("server_id"), sa.column("name"), sa.column("body"))
SERVER = sa.table("server", sa.column("id"), sa.column("older_facts", sa.LargeBinary))


def upgrade() -> None:
    """Keep all that is known as what was learnt earlier, until a visit tells it anew."""
    op.add_column("server", sa.Column("answered_visit", sa.Integer))
    op.add_column("server", sa.Column("older_facts", sa.LargeBinary))
    for server_id in op.get_bind().execute(sa.select(SERVER.c.id)).scalars().all():
        known = _known(server_id)
        if known:
            statement = sa.update(SERVER).where(SERVER.c.id == server_id)
            op.execute(statement.values(older_facts=known))
    op.drop_table("fact")


def _known(server_id: str) -> bytes:
    """Return a server's facts in the form in which visits held them."""
    rows = sa.select(FACT.c.name, FACT.c.body).where(FACT.c.server_id == server_id)
    told = {name: json.loads(body) for name, body in op.get_bind().execute(rows)}
    return zlib.compress(json.dumps(told).encode()) if told else b""
