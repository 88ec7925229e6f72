"""Promises of work in several processes: results in order, few at a time, and nothing lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from functools import partial

import pytest

from inventory.errors import BadInputError, UsageError
from migrate.streaming import in_order, processors

PATIENCE_SECONDS = 30


def _square(number: int) -> int:
    return number * number


def _slow_at_first(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)
    return number


def _fails_elsewhere(here: int, number: int) -> int:
    if os.getpid() != here:
        raise ValueError("not in this process")
    return number


def _fails_everywhere(number: int) -> int:
    raise UsageError(f"{number} is not to be worked on")


def _ends(how: Callable[[], None], number: int) -> int:
    if number == 3:
        how()
    return number


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _left() -> None:
    os._exit(3)


def _who(_number: int) -> int:
    return os.getpid()


def _large(_number: int) -> bytes:
    return bytes(1 << 20)


@pytest.mark.parametrize("processes", [1, 2, 3, 40])
def test_results_come_in_the_order_of_the_parts(processes: int) -> None:
    """Whoever is done first: the first part's come first."""
    with in_order(_slow_at_first, range(10), processes) as taken:
        assert list(taken) == list(range(10))
    with in_order(_square, [], processes) as taken:
        assert list(taken) == []


def test_one_process_is_this_one_and_several_are_others() -> None:
    """With one nothing is parted; with three each has every third part."""
    with in_order(_who, range(6), 1) as taken:
        assert set(taken) == {os.getpid()}
    with in_order(_who, range(6), 3) as taken:
        found = list(taken)
    assert os.getpid() not in found
    assert found[:3] == found[3:]
    assert len(set(found)) == 3


def test_a_process_waits_until_its_results_are_taken() -> None:
    """However slow the taking is, what is not taken does not pile up."""
    done = multiprocessing.get_context("fork").Value("i", 0)

    def work(number: int) -> bytes:
        with done.get_lock():
            done.value += 1
        return _large(number)

    with in_order(work, range(50), 2) as taken:
        next(taken)
        time.sleep(0.5)
        assert done.value <= 4
        assert sum(1 for _ in taken) == 49


def test_work_may_keep_what_it_learns_of_one_part_for_the_next() -> None:
    """Each process has its own."""
    met: list[int] = []

    def work(number: int) -> list[int]:
        met.append(number)
        return list(met)

    with in_order(work, range(6), 2) as taken:
        assert list(taken)[-2:] == [[0, 2, 4], [1, 3, 5]]
    assert met == []


def test_what_fails_in_its_process_is_done_here() -> None:
    """What can be done here is not lost by it."""
    with in_order(partial(_fails_elsewhere, os.getpid()), range(5), 2) as taken:
        assert list(taken) == list(range(5))


@pytest.mark.parametrize("processes", [1, 2])
def test_what_fails_is_told_as_by_one_process(processes: int) -> None:
    """The error is the same, and nothing is taken after it."""
    with (
        in_order(_fails_everywhere, range(4), processes) as taken,
        pytest.raises(UsageError, match="0 is not to be worked on"),
    ):
        next(taken)


@pytest.mark.parametrize(
    ("how", "words"),
    [(_killed, "was killed by signal 9"), (_left, "ended by itself with exit code 3")],
)
def test_a_process_that_ends_before_its_time_is_an_error(
    how: Callable[[], None], words: str
) -> None:
    """Its results are never taken for all there were; those of before it are given."""
    taken_before: list[int] = []
    with (
        in_order(partial(_ends, how), range(8), 2) as taken,
        pytest.raises(BadInputError, match=words),
    ):
        taken_before.extend(taken)
    assert taken_before == [0, 1, 2]


def test_whoever_leaves_early_leaves_no_process_behind() -> None:
    """However much was left to do."""
    with in_order(_who, range(1000), 2) as taken:
        processes = {next(taken), next(taken)}
    for each in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)


def test_processes_end_when_the_one_that_takes_is_gone() -> None:
    """Killed, it cannot end them: they see that nobody takes what they have."""
    parting = multiprocessing.get_context("fork")
    here, there = parting.Pipe(duplex=False)

    def take() -> None:
        with in_order(lambda _number: (os.getpid(), bytes(1 << 20)), range(1000), 2) as taken:
            there.send([next(taken)[0], next(taken)[0]])
            time.sleep(PATIENCE_SECONDS)

    taking = parting.Process(target=take)
    taking.start()
    processes = here.recv()
    os.kill(taking.pid or 0, signal.SIGKILL)
    taking.join()
    until = time.monotonic() + PATIENCE_SECONDS
    while any(_runs(each) for each in processes) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(_runs(each) for each in processes)


def _runs(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stat:  # noqa: PTH123 - it goes while it is read
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_there_is_at_least_one_processor() -> None:
    """As many as this process may use."""
    assert 1 <= processors() <= (os.cpu_count() or 1)
