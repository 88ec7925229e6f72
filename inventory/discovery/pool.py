"""Much work at once, its results handed to the caller as they come."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

Item = TypeVar("Item")
Result = TypeVar("Result")


def as_they_come(
    work: Callable[[Item], Result], items: Iterable[Item], *, at_once: int
) -> Generator[tuple[Item, Result | Exception], None, None]:
    """Do ``work`` on every item in threads; yield each with its result, in any order.

    What an item's work raises is handed over as its result, so it never ends the others. When the
    caller stops early, or is interrupted, no further item is begun, and nothing waits for those
    under way: their threads do not keep the interpreter alive.
    """
    waiting: SimpleQueue[Item] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Result | Exception]] = SimpleQueue()
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
                done.put((item, work(item)))
            except Exception as error:  # noqa: BLE001  it is the caller's to judge
                done.put((item, error))

    for number in range(min(max(1, at_once), count)):
        threading.Thread(target=worker, name=f"asking-{number}", daemon=True).start()
    try:
        for _ in range(count):
            yield done.get()
    finally:
        stop.set()
