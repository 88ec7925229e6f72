"""Only one may be at work at a time; a lock never outlives its holder."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from inventory.errors import RefusedError
from inventory.store.lock import writer_lock
from inventory.store.opening import open_store
from inventory.store.store import Store

HOLD_FOR_EVER = """
import sys, time
from inventory.store.lock import writer_lock
from inventory.store.opening import open_store
with open_store(sys.argv[1]) as store, writer_lock(store, "the one who dies"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_and_told_who_is_first(store: Store, url: str) -> None:
    """The refusal names the holder and since when; nothing is waited for."""
    with (
        writer_lock(store, "jane on ops-1, process 42"),
        open_store(url) as other,
        pytest.raises(RefusedError, match=r"jane on ops-1, process 42 since 20\d\d-.* UTC"),
        writer_lock(other, "tom"),
    ):
        pytest.fail("two writers at once")


def test_the_next_one_may_once_the_first_has_left(store: Store, url: str) -> None:
    """Leaving lets go, even by an error."""
    with pytest.raises(KeyError), writer_lock(store, "jane"):
        raise KeyError
    with open_store(url) as other, writer_lock(other, "tom"):
        pass


def test_a_holder_that_is_killed_lets_go(store: Store, url: str) -> None:
    """No stale lock is left to be removed by hand."""
    command = [sys.executable, "-c", HOLD_FOR_EVER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(RefusedError, match="the one who dies"), writer_lock(store, "me"):
            pytest.fail("two writers at once")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert _taken_within(store, seconds=10)


def _taken_within(store: Store, *, seconds: float) -> bool:
    """Whether the lock can be had in time: a database server may take a moment to notice."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with writer_lock(store, "me"):
                return True
        except RefusedError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
