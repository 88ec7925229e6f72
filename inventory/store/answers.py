"""The raw answers, as they came: facts can be read from them again without asking anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from inventory.errors import UsageError
from inventory.store.contents import load
from inventory.store.raw import digests_in, unpack_raw
from inventory.store.servers import asked_of
from inventory.store.tables import VISIT

if TYPE_CHECKING:
    from inventory.store.store import Store


def raw_answer(store: Store, server_id: str, run_id: str | None = None) -> bytes:
    """Return what a server last said, or what it said in one run, byte for byte.

    Raises:
        UsageError: it has not answered, or not in that run.

    """
    query = select(VISIT.c.raw).where(VISIT.c.unreachable.is_(None))
    if run_id is not None:
        query = query.where(VISIT.c.run_id == run_id)
    with store.reading() as connection:
        query = query.where(VISIT.c.server_id.in_(asked_of(connection, server_id)))
        packed = connection.execute(query.order_by(VISIT.c.id.desc()).limit(1)).scalar()
        if packed is None:
            raise UsageError(f"no answer of server {server_id} is kept", hint="decant discover")
        return unpack_raw(packed, load(connection, digests_in(packed)))
