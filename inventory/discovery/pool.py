"""Much work at once, its results handed to the caller as they come."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD: Final = 4
"""How many results may wait for the caller: no more memory than that is held by those done."""


def as_they_come(
    work: Callable[[Item], Result], items: Iterable[Item], *, at_once: int
) -> Generator[tuple[Item, Result | Exception], None, None]:
    """Do ``work`` on every item in threads; yield each with its result, in any order.

    What an item's work raises is handed over as its result, so it never ends the others. When the
    caller stops early, or is interrupted, no further item is begun, and nothing waits for those
    under way: their threads do not keep the interpreter alive. A caller that is slow to take the
    results holds up the work.
    """
    waiting: SimpleQueue[Item] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Result | Exception]] = SimpleQueue()
    room = threading.Semaphore(_AHEAD)
    count = 0
    for item in items:
        waiting.put(item)
        count += 1
    stop = threading.Event()

    def worker() -> None:
        while not stop.is_set():
            try:
                item = waiting.get_nowait()
            except Empty:
                return
            try:
                result: Result | Exception = work(item)
            except Exception as error:  # noqa: BLE001  it is the caller's to judge
                result = error
            room.acquire()
            done.put((item, result))

    threads = min(max(1, at_once), count)
    for number in range(threads):
        threading.Thread(target=worker, name=f"asking-{number}", daemon=True).start()
    try:
        for _ in range(count):
            result = done.get()
            room.release()
            yield result
    finally:
        stop.set()
        room.release(max(1, threads))
