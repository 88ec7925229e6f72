"""What is read ahead of need is bounded, and ends when somebody interrupts it."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from migrate.clouds.singly import ahead


def test_all_of_it_is_done_and_one_that_fails_costs_only_itself() -> None:
    """Whatever a piece raises is left to whoever asks for it again."""
    done: list[int] = []

    def fail() -> None:
        raise ValueError("made by a test")

    ahead([fail, *(lambda each=each: done.append(each) for each in range(9))], 3)
    assert sorted(done) == list(range(9))


def test_no_more_than_allowed_are_at_work() -> None:
    """However much there is."""
    lock, now, most = threading.Lock(), [0], [0]

    def work() -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1

    ahead([work] * 12, 3)
    assert 1 <= most[0] <= 3


def test_an_interruption_begins_nothing_more() -> None:
    """Ctrl-C is not answered by all that was still to be asked."""
    done: list[int] = []

    def interrupt() -> None:
        time.sleep(0.3)  # until all of it is waited for
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)

    def work() -> None:
        done.append(1)
        time.sleep(0.05)

    with pytest.raises(KeyboardInterrupt):
        ahead([interrupt, *[work] * 20], 1)
    assert not done
