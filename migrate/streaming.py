"""Work done by several processes whose results are taken in order, a few at a time, on Linux.

Where :mod:`migrate.sharing` gathers what tasks come to, this hands it on as it comes, so that
results which together would not fit into memory can be written one after another.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, NamedTuple, TypeVar

from inventory.errors import BadInputError

S = TypeVar("S")
T = TypeVar("T")


def processors() -> int:
    """Return how many processes can work at once; elsewhere than on Linux one."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextmanager
def in_order(work: Callable[[S], T], parts: Sequence[S], processes: int) -> Iterator[Iterator[T]]:
    """Give what work on each part comes to, in the order of the parts, as it is taken.

    With more than one process, on Linux, that many are parted from this one on entering, and are
    gone on leaving; nothing that is open then may be used on both sides, and what work comes to can
    be pickled. Each takes every so manieth part, and waits with what it has until that is taken,
    but for what a pipe holds (64 KiB). ``work`` may keep for itself what it learns of one part for
    the next. Work that fails in its process is done again here, so what it raises is raised here.

    Raises:
        BadInputError: while results are taken, a process was killed, or ended of itself.

    """
    # Elsewhere a process cannot be parted safely, and a new one would load everything again.
    most = min(processes, len(parts)) if sys.platform == "linux" else 1
    if most <= 1:
        yield map(work, parts)
        return
    with ExitStack() as stack:
        begun: list[_Begun] = []
        stack.callback(_end, begun)
        for number in range(most):
            begun.append(_begin(work, parts[number::most], begun))
        yield _taken(work, parts, begun)


class _Done(NamedTuple, Generic[T]):
    """What work on a part came to: all in ``found``, or nothing when it failed."""

    found: tuple[T, ...]


class _Begun(NamedTuple):
    """A process, and the end that its results come out of."""

    process: BaseProcess
    results: Connection


def _begin(work: Callable[[S], object], parts: Sequence[S], before: Sequence[_Begun]) -> _Begun:
    parting = multiprocessing.get_context("fork")
    here, there = parting.Pipe(duplex=False)
    ends = (here, *(each.results for each in before))
    process = parting.Process(target=_work, args=(work, parts, there, ends), daemon=True)
    process.start()
    # With its only other end closed, the pipe ends when the process does.
    there.close()
    return _Begun(process=process, results=here)


def _work(
    work: Callable[[S], object],
    parts: Sequence[S],
    there: Connection,
    others: Sequence[Connection],
) -> None:
    """Be a process: work on parts until there are no more, or nobody takes what comes of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began this one ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for each in others:
        each.close()
    with suppress(BrokenPipeError):
        for part in parts:
            there.send(_done(work, part))


def _done(work: Callable[[S], T], part: S) -> _Done[T]:
    try:
        return _Done(found=(work(part),))
    except Exception:  # noqa: BLE001 - whatever it is, it is raised again where it can be told
        return _Done(found=())


def _taken(work: Callable[[S], T], parts: Sequence[S], begun: Sequence[_Begun]) -> Iterator[T]:
    for number, part in enumerate(parts):
        each = begun[number % len(begun)]
        try:
            done: _Done[T] = each.results.recv()
        except (EOFError, OSError):
            raise _gone(each.process) from None
        yield done.found[0] if done.found else work(part)


def _gone(process: BaseProcess) -> BadInputError:
    process.join()
    code = process.exitcode or 0
    how = f"was killed by signal {-code}" if code < 0 else f"ended by itself with exit code {code}"
    return BadInputError(
        f"one of the processes that worked {how}; nothing was kept",
        hint="was memory short? --jobs 1 works in one process, with less of it",
    )


def _end(begun: Sequence[_Begun]) -> None:
    for each in begun:
        each.results.close()
        each.process.terminate()
    for each in begun:
        each.process.join()
        each.process.close()
