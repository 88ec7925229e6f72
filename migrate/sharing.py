"""Work that is shared out among the processors: as many processes as there are, on Linux."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

T = TypeVar("T")


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
    """Hand tasks to processes one by one, and return what came back, by the task's number."""
    left = iter(range(len(tasks)))
    begun = [_begun(tasks, left) for _ in range(most)]
    ends = [end for end, _ in begun]
    done: dict[int, T] = {}
    while ends:
        ready = wait(ends)
        for end in [each for each in ends if each in ready]:
            try:
                at, found = end.recv()
                done[at] = found
                end.send(next(left, None))
            except (EOFError, OSError):
                ends.remove(end)
    for _, process in begun:
        process.join()
    return done


def _begun(
    tasks: Sequence[Callable[[], object]], left: Iterator[int]
) -> tuple[Connection, BaseProcess]:
    parting = multiprocessing.get_context("fork")
    here, there = parting.Pipe()
    here.send(next(left, None))
    process = parting.Process(target=_work, args=(tasks, there), daemon=True)
    process.start()
    there.close()
    return here, process


def _work(tasks: Sequence[Callable[[], object]], end: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the process that began it tells of that
    with suppress(Exception):  # what is not sent is done where it can be told
        while (at := end.recv()) is not None:
            end.send((at, tasks[at]()))
