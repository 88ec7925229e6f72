"""One writer at a time, for commands that must never run twice at once. A crash lets go of it.

On SQLite it is a lock of the operating system on a file beside the database; on PostgreSQL an
advisory lock of a session. Both end with the process that holds them.
"""

from __future__ import annotations

import fcntl
import os
import time
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
def writer_lock(store: Store, holder: str, *, wait_seconds: float = 0) -> Iterator[None]:
    """Be the only one between entering and leaving; ``holder`` is who that is, for others to read.

    Another is waited for as long as is given.

    Raises:
        RefusedError: another holds it still; the message says who, and since when.

    """
    lock = _file_lock if store.engine.dialect.name == "sqlite" else _session_lock
    deadline = time.monotonic() + wait_seconds
    with ExitStack() as stack:
        while not _got(stack, lock(store)):
            left = deadline - time.monotonic()
            if left <= 0:
                raise _taken(store)
            time.sleep(min(_PAUSE_SECONDS, left))
        _sign(store, holder)
        yield


def _got(stack: ExitStack, lock: AbstractContextManager[bool]) -> bool:
    """Try once; the lock is held until the stack ends."""
    with ExitStack() as trial:
        if trial.enter_context(lock):
            stack.push(trial.pop_all())
            return True
    return False


@contextmanager
def _file_lock(store: Store) -> Iterator[bool]:
    path = f"{store.engine.url.database}.writer"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, OWNER_ONLY)
    except OSError as error:
        raise StoreError(f"the lock {path}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def _session_lock(store: Store) -> Iterator[bool]:
    with words(store.name):
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar()
    try:
        yield bool(got)
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
        f"{who} is at work on {store.name}", hint="--wait SECONDS waits until it has ended"
    )
