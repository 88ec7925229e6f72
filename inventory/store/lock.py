"""One writer at a time, for commands that must never run twice at once. A crash lets go of it.

On SQLite it is a lock of the operating system on a file beside the database; on PostgreSQL an
advisory lock of a session. Both end with the process that holds them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select, text

from inventory.errors import RefusedError, StoreError
from inventory.store.store import words
from inventory.store.tables import WRITER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from inventory.store.store import Store

OWNER_ONLY: Final = 0o600
_KEY: Final = 0x0DECA18
_PAUSE_SECONDS: Final = 0.2


@contextmanager
def writer_lock(
    store: Store, holder: str, *, wait_seconds: float = 0
) -> Iterator[Callable[[], None]]:
    """Be the only one between entering and leaving; ``holder`` is who that is, for others to read.

    Another is waited for as long as is given. What comes back is to be called before anything that
    must not be done by two: it raises StoreError when the lock was lost meanwhile, as it is with
    the connection to a PostgreSQL server.

    Raises:
        RefusedError: another holds it still; the message says who, and since when.

    """
    lock = _file_lock if store.engine.dialect.name == "sqlite" else _session_lock
    deadline = time.monotonic() + wait_seconds
    with ExitStack() as stack:
        while (held := _got(stack, lock(store))) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _taken(store)
            time.sleep(min(_PAUSE_SECONDS, left))
        _sign(store, holder)
        yield held


_Held = Callable[[], None]


def _got(stack: ExitStack, lock: AbstractContextManager[_Held | None]) -> _Held | None:
    """Try once; the lock is held until the stack ends."""
    with ExitStack() as trial:
        held = trial.enter_context(lock)
        if held is not None:
            stack.push(trial.pop_all())
        return held


@contextmanager
def _file_lock(store: Store) -> Iterator[_Held | None]:
    path = f"{store.engine.url.database}.writer"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, OWNER_ONLY)
    except OSError as error:
        raise StoreError(f"the lock {path}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield None
        return
    try:
        yield lambda: None  # it goes only with this process
    finally:
        os.close(descriptor)


@contextmanager
def _session_lock(store: Store) -> Iterator[_Held | None]:
    with words(store.name):
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar()

    def held() -> None:
        with words(store.name):
            connection.execute(text("SELECT 1"))

    try:
        yield held if got else None
    finally:
        # The session ends, and the lock with it, whatever state it is in.
        connection.invalidate()
        connection.close()


def _sign(store: Store, holder: str) -> None:
    with store.writing() as connection:
        connection.execute(delete(WRITER))
        connection.execute(insert(WRITER).values(one=1, holder=holder, since=datetime.now(UTC)))


def _taken(store: Store) -> RefusedError:
    with store.reading() as connection:
        row = connection.execute(select(WRITER)).first()
    who = f"{row.holder} since {row.since:%Y-%m-%d %H:%M:%S} UTC" if row else "another command"
    return RefusedError(
        f"{who} is at work on {store.name}", hint="--wait 5m waits for it, five minutes at most"
    )
