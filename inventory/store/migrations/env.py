"""Run by Alembic: migrate over the connection that the store hands in."""

from __future__ import annotations

from alembic import context

from inventory.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
)
context.run_migrations()
