"""After something was stored: which records are one server is judged anew where it may matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, or_, select

from inventory.identity.entry import ASKED
from inventory.store.tables import RECORD, SERVER

if TYPE_CHECKING:
    from inventory.store.store import Store

DECISION: Final = "identity"
"""The kind of record that a decision is kept as."""
_MATTERS: Final = select(
    or_(
        exists().where(SERVER.c.source != ASKED),
        exists().where(SERVER.c.merged_into.is_not(None)),
        exists().where(RECORD.c.kind == DECISION),
    )
)


def settle(store: Store) -> None:
    """Enter which records are one server.

    Costs nothing where servers were only asked and nothing was decided: a visit finds its server
    by itself.

    Raises:
        UsageError: decisions contradict each other, which two people at once may bring about.

    """
    with store.reading() as connection:
        matters = connection.execute(_MATTERS).scalar()
    if matters:
        from inventory.store.identities import resolved

        resolved(store)
