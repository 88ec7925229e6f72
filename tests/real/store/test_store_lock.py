"""Only one may be at work at a time; a lock never outlives its holder."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text

from inventory.errors import RefusedError, StoreError
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


def test_another_is_waited_for_as_long_as_is_given(store: Store, url: str) -> None:
    """It is had soon after the first has left; until then, nothing is done."""
    left = threading.Event()

    def hold() -> None:
        with open_store(url) as other, writer_lock(other, "jane"):
            held.set()
            time.sleep(0.5)
            left.set()

    held = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    with writer_lock(store, "tom", wait_seconds=10):
        assert left.is_set()
    thread.join(10)


@pytest.mark.postgresql
def test_a_lock_that_was_lost_is_noticed(store: Store) -> None:
    """When the database has let go of it, whoever asks before acting is told."""
    if store.engine.dialect.name == "sqlite":
        pytest.skip("a lock of the operating system goes only with its process")
    with writer_lock(store, "jane") as still_alone:
        still_alone()
        with store.writing() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                )
            )
        with pytest.raises(StoreError):
            still_alone()


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
