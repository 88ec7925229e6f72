"""What passes between us and a real OpenSSH server comes through whole, and in bounded time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openssh import Server
from zoo import cut_after, misbehaving, stall_after

from inventory.errors import UnreachableError
from inventory.model.asking import Asker, Ending, Limits
from inventory.ssh.asker import open_asker

pytestmark = pytest.mark.sshd

FIVE_MEGABYTES = 5_000_000
LIMITS = Limits(server_seconds=20)
BLOCK = 'head -c 1000000 /dev/zero | tr "\\0" "%s"'


@pytest.fixture
def asker(server: Server, tmp_path: Path) -> Iterator[Asker]:
    """Ask with the key that the healthy server lets in."""
    ready = open_asker(server.access(tmp_path / "known_hosts"))
    yield ready
    ready.close()


def test_both_streams_and_the_status_come_back(server: Server, asker: Asker) -> None:
    """The script runs in a shell; its two streams and its exit status are told apart."""
    reply = asker.ask(server.target, "echo said; echo wrong >&2; exit 3", LIMITS)
    assert (reply.stdout, reply.stderr) == (b"said\n", b"wrong\n")
    assert (reply.exit_status, reply.ending) == (3, Ending.FINISHED)


def test_five_megabytes_of_answer_come_whole(server: Server, asker: Asker) -> None:
    """An answer larger than any window arrives complete."""
    reply = asker.ask(server.target, f"head -c {FIVE_MEGABYTES} /dev/zero; echo end", LIMITS)
    assert reply.ending is Ending.FINISHED
    assert reply.stdout == bytes(FIVE_MEGABYTES) + b"end\n"


def test_five_megabytes_of_errors_do_not_stop_the_answer(server: Server, asker: Asker) -> None:
    """The error stream is drained past what is kept, so that the answer still comes."""
    reply = asker.ask(server.target, f"head -c {FIVE_MEGABYTES} /dev/zero >&2; echo end", LIMITS)
    assert (reply.stdout, reply.ending) == (b"end\n", Ending.FINISHED)
    assert reply.stderr == bytes(LIMITS.stderr_bytes)


def test_interleaved_megabytes_come_whole(server: Server, asker: Asker) -> None:
    """Megabytes on both streams by turns arrive complete and in order."""
    script = "\n".join(f"{BLOCK % letter}; {BLOCK % letter} >&2" for letter in "abcde")
    reply = asker.ask(server.target, script, LIMITS)
    assert reply.ending is Ending.FINISHED
    assert reply.stdout == b"".join(letter * 1_000_000 for letter in (b"a", b"b", b"c", b"d", b"e"))


def test_a_script_larger_than_the_window_is_sent_whole(server: Server, asker: Asker) -> None:
    """Three megabytes of script, which answer while they are sent, neither hang nor are cut."""
    line = f"echo {'x' * 990}\n"
    reply = asker.ask(server.target, line * 3000, LIMITS)
    assert reply.ending is Ending.FINISHED
    assert len(reply.stdout) == 991 * 3000


def test_a_command_that_never_ends_is_ended(server: Server, asker: Asker) -> None:
    """At the server's limit we stop waiting and keep what arrived."""
    started = time.monotonic()
    reply = asker.ask(server.target, "echo begun; sleep 600", Limits(server_seconds=3))
    assert (reply.stdout, reply.ending) == (b"begun\n", Ending.TIMED_OUT)
    assert reply.exit_status is None
    assert time.monotonic() - started < 60


def test_endless_output_is_ended_by_the_clock(server: Server, asker: Asker) -> None:
    """A server that goes on talking does not move its limit."""
    script = "while :; do echo .; sleep 0.05; done"
    reply = asker.ask(server.target, script, Limits(server_seconds=1))
    assert reply.ending is Ending.TIMED_OUT
    assert reply.seconds < 20


def test_an_answer_past_the_limit_is_cut_there(server: Server, asker: Asker) -> None:
    """Too large an answer is kept up to the limit, and said to be too large."""
    limits = Limits(answer_bytes=1_000_000, server_seconds=20)
    reply = asker.ask(server.target, "cat /dev/zero", limits)
    assert (len(reply.stdout), reply.ending) == (1_000_000, Ending.TOO_LARGE)


def test_a_shell_killed_by_a_signal_has_no_status(server: Server, asker: Asker) -> None:
    """A signal is not taken for an exit status."""
    reply = asker.ask(server.target, "echo begun; kill -9 $$", LIMITS)
    assert (reply.stdout, reply.exit_status) == (b"begun\n", None)


def test_the_server_process_killed_is_a_cut(server: Server, asker: Asker) -> None:
    """A session that dies under the script is a cut, and keeps what arrived."""
    reply = asker.ask(server.target, "echo begun; sleep 0.3; kill -9 $PPID; sleep 5", LIMITS)
    assert (reply.stdout, reply.ending) == (b"begun\n", Ending.CUT)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_connection_cut_in_mid_answer_keeps_the_beginning(
    server: Server, tmp_path: Path, *, reset: bool
) -> None:
    """What arrived before the cut is kept, in order and without a hole."""
    with misbehaving(cut_after(server, 300_000, reset=reset)) as target:
        asker = _asker_through(server, target.port, tmp_path)
        reply = asker.ask(target, "seq 1 1000000", LIMITS)
        asker.close()
    assert reply.ending is Ending.CUT
    assert len(reply.stdout) > 0 if reset else len(reply.stdout) > 200_000
    whole = "\n".join(str(number) for number in range(1, 60_000)).encode()
    assert whole.startswith(reply.stdout)


def test_a_stall_in_mid_answer_is_ended_and_keeps_the_beginning(
    server: Server, tmp_path: Path
) -> None:
    """A line that goes quiet costs the server's limit, no more."""
    with misbehaving(stall_after(server, 300_000)) as target:
        asker = _asker_through(server, target.port, tmp_path)
        started = time.monotonic()
        reply = asker.ask(target, "seq 1 1000000", Limits(server_seconds=3))
        asker.close()
    assert reply.ending is Ending.TIMED_OUT
    assert len(reply.stdout) > 200_000
    assert time.monotonic() - started < 20


def test_closing_cuts_what_is_under_way(server: Server, tmp_path: Path) -> None:
    """Whoever stops a run waits for no server."""
    asker = open_asker(server.access(tmp_path / "known_hosts"))
    begun = tmp_path / "begun"
    script = f"touch {begun}; sleep 600"
    replies = []
    asking = threading.Thread(
        target=lambda: replies.append(asker.ask(server.target, script, LIMITS))
    )
    asking.start()
    deadline = time.monotonic() + 10
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    asker.close()
    asking.join(30)
    assert [reply.ending for reply in replies] == [Ending.CUT]
    with pytest.raises(UnreachableError, match="the run was stopped"):
        asker.ask(server.target, "true", LIMITS)


def test_no_thread_outlives_the_exchange(server: Server, asker: Asker) -> None:
    """Every connection's thread ends with it, after success and after failure."""
    asker.ask(server.target, "true", LIMITS)
    asker.ask(server.target, "sleep 600", Limits(server_seconds=0.5))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _ssh_threads():
        time.sleep(0.02)
    assert _ssh_threads() == []


def test_no_session_is_an_answer_of_its_own(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """A server that lets us in but opens no session is told apart from a refused key."""
    server = sshd("MaxSessions 0")
    asker = open_asker(server.access(tmp_path / "known_hosts"))
    with pytest.raises(UnreachableError, match="opens no session"):
        asker.ask(server.target, "true", LIMITS)
    asker.close()


def _asker_through(server: Server, port: int | None, folder: Path) -> Asker:
    known_hosts = folder / "known_hosts"
    access = server.access(known_hosts)
    known_hosts.write_text(known_hosts.read_text().replace(str(server.port), str(port)))
    return open_asker(access)


def _ssh_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if type(each).__name__ == "Transport"]
