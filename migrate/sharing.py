"""Work that is shared out among the processors: as many processes as there are, on Linux."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

T = TypeVar("T")
_Counter = Any
"""A number that the processes share; its class is not public."""


def share_out(tasks: Sequence[Callable[[], T]], processors: int | None = None) -> list[T]:
    """Do every task, several at once where there are processors, and return what each came to.

    A task changes nothing outside it, and opens by itself whatever it needs: nothing that is open
    may be used on both sides. What it returns can be pickled. A task that fails in a process of its
    own, or whose process dies, is done here: what it raises is raised here.
    """
    most = min(len(tasks), _processors() if processors is None else processors)
    done = _apart(tasks, most) if most > 1 else {}
    return [done[at] if at in done else task() for at, task in enumerate(tasks)]


def _processors() -> int:
    # Elsewhere a process cannot be parted safely, and a new one would load everything again.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _apart(tasks: Sequence[Callable[[], T]], most: int) -> dict[int, T]:
    parting = multiprocessing.get_context("fork")
    taken = parting.Value("i", 0)
    done: dict[int, T] = {}
    open_ends: list[Connection] = []
    processes = []
    for _ in range(most):
        here, there = parting.Pipe(duplex=False)
        process = parting.Process(target=_work, args=(tasks, taken, there), daemon=True)
        process.start()
        there.close()
        open_ends.append(here)
        processes.append(process)
    while open_ends:
        ready = wait(open_ends)
        for end in [each for each in open_ends if each in ready]:
            try:
                at, found = end.recv()
            except EOFError:
                open_ends.remove(end)
            else:
                done[at] = found
    for process in processes:
        process.join()
    return done


def _work(tasks: Sequence[Callable[[], object]], taken: _Counter, end: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the process that began it tells of that
    with suppress(Exception):  # what is not sent is done where it can be told
        while True:
            with taken.get_lock():
                at, taken.value = taken.value, taken.value + 1
            if at >= len(tasks):
                return
            end.send((at, tasks[at]()))
