"""Runs: each time that sources were asked is kept, so that the inventory has a history."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from inventory.model.run import Run
from inventory.store.tables import RUN

if TYPE_CHECKING:
    from inventory.store.store import Store


def begin_run(store: Store, *, command: str, at: datetime) -> Run:
    """Enter a run that begins; ``command`` is what was typed, without secrets."""
    moment = at.astimezone(UTC)
    run = Run(
        id=f"{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
        command=command,
        started=moment,
        finished=None,
    )
    with store.writing() as connection:
        connection.execute(insert(RUN).values(id=run.id, command=command, started=moment))
    return run


def finish_run(store: Store, run_id: str, at: datetime, asked: int, answered: int) -> None:
    """Enter that a run came to its end, and how many were asked and answered."""
    values = {"finished": at, "asked": asked, "answered": answered}
    with store.writing() as connection:
        connection.execute(update(RUN).where(RUN.c.id == run_id).values(**values))


def runs(store: Store) -> tuple[Run, ...]:
    """Return every run, oldest first; those that were cut off have no ``finished``."""
    with store.reading() as connection:
        found = connection.execute(select(RUN).order_by(RUN.c.started, RUN.c.id)).mappings()
        return tuple(Run(**row) for row in found)
