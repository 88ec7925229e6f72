"""Visits are stored while others are made: a thread writes what has come, several at a time.

A transaction for one visit costs almost what one for six does. So a visit waits for others, though
never for long: what a server told is stored a moment later, whatever the others do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import OperationalError

from inventory.store.entering import enter, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inventory.model.run import Visit
    from inventory.store.entering import Kept, Prepared
    from inventory.store.store import Store

    Told = Callable[[Visit, Kept], object]

_TOGETHER: Final = 6
"""How many visits one transaction stores at most."""
_LINGER_SECONDS: Final = 0.2
"""How long a visit waits for others."""
_WAITING: Final = 2
"""How many visits may wait for the thread; whoever brings more waits too, and holds no more."""


@contextmanager
def keeping(store: Store, run_id: str, told: Told) -> Iterator[Callable[[Visit], None]]:
    """Give a function that takes a visit, to be stored soon; ``told`` is called when it is.

    ``told`` is given the visit without what it brought, in another thread, one visit after the
    other. On leaving, whatever the reason, all that was taken is stored first. A visit that cannot
    be stored costs only itself.

    Raises:
        StoreError: a visit could not be stored: when the next is given, or on leaving.

    """
    keeper = _Keeper(store, run_id, told)
    keeper.start()
    try:
        yield keeper.take
    finally:
        keeper.close()


class _Keeper:
    def __init__(self, store: Store, run_id: str, told: Told) -> None:
        self._store = store
        self._run_id = run_id
        self._told = told
        self._waiting: Queue[Visit | None] = Queue(_WAITING)
        self._error: Exception | None = None
        # A second Ctrl-C, while the last visits are stored, ends everything at once.
        self._thread = threading.Thread(target=self._work, name="keeping", daemon=True)

    def start(self) -> None:
        """Begin to store."""
        self._thread.start()

    def take(self, visit: Visit) -> None:
        """Store a visit soon; raises what came in the way of an earlier one."""
        self._raise()
        self._waiting.put(visit)

    def close(self) -> None:
        """Store all that was taken; raises what came in the way of any."""
        self._waiting.put(None)
        self._thread.join()
        self._raise()

    def _raise(self) -> None:
        if self._error:
            error, self._error = self._error, None
            raise error

    def _work(self) -> None:
        more = True
        while more:
            some, more = self._some()
            if some:
                self._keep(some)

    def _some(self) -> tuple[list[Prepared], bool]:
        """Wait for a visit, and a little for others; the second says whether more may come."""
        some: list[Prepared] = []
        until = None
        while len(some) < _TOGETHER:
            try:
                left = max(0, until - time.monotonic()) if until else None
                visit = self._waiting.get(timeout=left)
            except Empty:
                break
            if visit is None:
                return some, False
            until = until or time.monotonic() + _LINGER_SECONDS
            try:
                some.append(prepare(self._store, self._run_id, visit))
            except Exception as error:  # noqa: BLE001  it is raised when the others are stored
                self._error = self._error or error
        return some, True

    def _keep(self, some: Sequence[Prepared]) -> None:
        try:
            kept = enter(self._store, some)
        except Exception as error:  # noqa: BLE001  it is raised in the thread that brings visits
            if len(some) > 1 and not isinstance(error.__cause__, OperationalError):
                for ready in some:
                    self._keep([ready])
            else:
                self._error = self._error or error
            return
        for ready, each in zip(some, kept, strict=True):
            self._tell(ready.visit, each)

    def _tell(self, visit: Visit, kept: Kept) -> None:
        try:
            self._told(visit, kept)
        except Exception as error:  # noqa: BLE001  the visit is stored, and others want to be
            self._error = self._error or error
