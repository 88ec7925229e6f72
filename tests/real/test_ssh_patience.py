"""A server that takes few connections at a time still answers everybody, at the pace it allows."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import zoo
from openssh import Server, access

from inventory.discovery.run import ask_all
from inventory.errors import AccessRefusedError, HostKeyError, LateError, UnreachableError
from inventory.model.asking import Limits
from inventory.model.fact import Reason
from inventory.model.site import Site
from inventory.model.target import Target
from inventory.ssh.asker import open_asker
from inventory.ssh.pace import Pace, Patience

LIMITS = Limits(banner_seconds=20, server_seconds=40)


@pytest.mark.sshd
def test_twenty_come_through_where_two_are_let_in_at_a_time(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """MaxStartups 2:100:2 turns away whoever comes third; all twenty are answered all the same."""
    server = sshd("MaxStartups 2:100:2", "LogLevel VERBOSE")
    allowed = server.access(tmp_path / "known")
    time.sleep(0.5)  # the connection that waited for it to start is still counted
    with closing(open_asker(allowed)) as asker, ThreadPoolExecutor(20) as pool:
        jobs = [pool.submit(asker.ask, server.target, "echo in", LIMITS) for _ in range(20)]
        assert Counter(job.result().stdout for job in jobs) == {b"in\n": 20}
    log = (server.home.parent / "log").read_text()
    assert "MaxStartups" in log
    assert log.count("Accepted publickey") == 20


@pytest.mark.sshd
def test_many_come_through_a_jump_host_that_lets_one_in_at_a_time(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """The jump host is entered once; the server behind it is knocked at again."""
    jump, inner = sshd("MaxStartups 1:100:1"), sshd("MaxStartups 1:100:1")
    known = tmp_path / "known"
    allowed = replace(
        jump.access(known),
        sites=(Site(name="DC1", servers=("127.0.0.1",), jump=f"{jump.host}:{jump.port}"),),
    )
    known.write_text(jump.known_line + inner.known_line)
    time.sleep(0.5)  # as above
    with closing(open_asker(allowed)) as asker, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(asker.ask, inner.target, "echo in", LIMITS) for _ in range(8)]
        assert Counter(job.result().stdout for job in jobs) == {b"in\n": 8}


def counting(habit: zoo.Habit) -> tuple[zoo.Habit, list[float]]:
    """Return the habit, and when it was met."""
    met: list[float] = []

    def counted(taken: socket.socket, over: threading.Event) -> None:
        met.append(time.monotonic())
        habit(taken, over)

    return counted, met


def full(taken: socket.socket, _over: threading.Event) -> None:
    """Say what OpenSSH says when it takes no more connections."""
    taken.sendall(b"Exceeded MaxStartups\r\n")


def penalised(taken: socket.socket, _over: threading.Event) -> None:
    """Say what OpenSSH 9.8 says to an address that failed too often."""
    taken.sendall(b"Not allowed at this time\r\n")


@pytest.mark.parametrize(
    ("habit", "words"),
    [
        (zoo.closing, "it closed the connection before it said anything (tried "),
        (full, "it takes no more connections just now: it said 'Exceeded MaxStartups' (tried "),
    ],
)
def test_the_verdict_says_how_often_it_was_tried(
    tmp_path: Path, habit: zoo.Habit, words: str
) -> None:
    """Within the greeting's limit, a bounded number of times, with longer rests each time."""
    counted, met = counting(habit)
    with (
        zoo.misbehaving(counted) as target,
        closing(open_asker(access(tmp_path / "known"))) as asker,
        pytest.raises(UnreachableError) as caught,
    ):
        asker.ask(target, "true", Limits(banner_seconds=2))
    assert caught.value.message.startswith(words)
    assert caught.value.message.endswith(f"(tried {len(met)} times)")
    assert 2 < len(met) <= 12
    assert met[-1] - met[0] < 3
    assert "MaxStartups" in str(caught.value.hint)


def test_a_penalty_is_not_tried_again(tmp_path: Path) -> None:
    """Knocking on would prolong it (PerSourcePenalties)."""
    counted, met = counting(penalised)
    with (
        zoo.misbehaving(counted) as target,
        closing(open_asker(access(tmp_path / "known"))) as asker,
        pytest.raises(UnreachableError, match="Not allowed at this time") as caught,
    ):
        asker.ask(target, "true", Limits(banner_seconds=5))
    assert len(met) == 1
    assert "PerSourcePenalties" in str(caught.value.hint)


@pytest.mark.sshd
def test_a_final_verdict_is_not_tried_again(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """Neither an unknown host key nor a refused key gets better by knocking on."""
    server = sshd(f"AuthorizedKeysFile {tmp_path}/none", "LogLevel VERBOSE")
    log = server.home.parent / "log"
    nobody = access(tmp_path / "none", server.client_key)
    with closing(open_asker(nobody)) as asker, pytest.raises(HostKeyError):
        asker.ask(server.target, "true", LIMITS)
    known = server.access(tmp_path / "known")
    with closing(open_asker(known)) as asker, pytest.raises(AccessRefusedError):
        asker.ask(server.target, "true", LIMITS)
    deadline = time.monotonic() + 20
    while log.read_text().count("Connection from") < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)  # in which another would come
    # The first of them waited for the server to start.
    assert log.read_text().count("Connection from") == 3


def test_stopping_a_run_ends_a_rest(tmp_path: Path) -> None:
    """Whoever stops a run waits for no server that turned us away."""
    with zoo.misbehaving(zoo.closing) as target:
        asker = open_asker(access(tmp_path / "known"))
        ended: list[float] = []

        def ask() -> None:
            with pytest.raises(UnreachableError):
                asker.ask(target, "true", Limits(banner_seconds=60))
            ended.append(time.monotonic())

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(1)
        stopped = time.monotonic()
        asker.close()
        asking.join(50)
    assert len(ended) == 1
    assert ended[0] - stopped < 20  # of the minute that was left


@pytest.mark.parametrize("by_site", [False, True])
def test_new_connections_keep_to_the_rate(tmp_path: Path, *, by_site: bool) -> None:
    """Ten a second means a tenth of a second between two, however many threads there are."""
    counted, met = counting(penalised)
    site = Site(name="DC1", networks=("127.0.0.0/8",), rate=10)
    allowed = replace(access(tmp_path / "known"), sites=(site,) if by_site else ())
    limits = Limits() if by_site else Limits(connections_a_second=10)

    def ask(target: Target) -> None:
        with pytest.raises(UnreachableError):
            asker.ask(target, "true", limits)

    with (
        zoo.misbehaving(counted) as target,
        closing(open_asker(allowed)) as asker,
        ThreadPoolExecutor(8) as pool,
    ):
        list(pool.map(ask, [target] * 8))
    assert max(met) - min(met) > 0.5


def test_sites_do_not_wait_for_one_another() -> None:
    """Each site's pace is its own; one without a rate waits for nobody."""
    pace = Pace()
    slow, other = Site(name="slow", rate=0.01), Site(name="other", rate=0.01)
    started = time.monotonic()
    pace.wait(slow, None)
    pace.wait(other, None)
    pace.wait(None, None)
    assert time.monotonic() - started < 50  # of the hundred seconds between two of a site
    threading.Timer(0.2, pace.end).start()
    pace.wait(slow, None)
    assert 0.1 < time.monotonic() - started < 90


def test_nobody_waits_for_a_turn_after_the_runs_limit(tmp_path: Path) -> None:
    """At one in a hundred seconds only one comes in time: the others are told at once as late."""
    counted, met = counting(penalised)
    started = time.monotonic()
    with zoo.misbehaving(counted) as target:
        visits = list(
            ask_all(
                [target, *(replace(target, user=name) for name in ("ann", "bob"))],
                collectors={},
                access=access(tmp_path / "known"),
                limits=Limits(connections_a_second=0.01, run_seconds=60),
                run_id="run-1",
            )
        )
    assert time.monotonic() - started < 50
    assert len(met) == 1
    reasons = Counter(each.unreachable.reason for each in visits if each.unreachable)
    assert reasons == {Reason.UNREACHABLE: 1, Reason.TIMED_OUT: 2}
    late = "the run's limit of 60 s passes before its turn to be connected to"
    assert sum(each.unreachable.detail == late for each in visits if each.unreachable) == 2


def test_a_turn_that_comes_too_late_is_left_to_others() -> None:
    """Who cannot wait so long takes nobody's place."""
    pace, site = Pace(), Site(name="slow", rate=2)
    pace.wait(site, None)
    for _ in range(1000):
        with pytest.raises(LateError):
            pace.wait(site, None, time.monotonic())
    started = time.monotonic()
    pace.wait(site, None, started + 100)
    assert time.monotonic() - started < 50  # of the five hundred that they would have taken


def test_patience_ends() -> None:
    """It rests longer and longer, never past its time, and never more often than it may."""
    rests = []
    patience = Patience(seconds=1000)
    while (rest := patience.rest()) is not None:
        rests.append(rest)
    assert len(rests) == patience.tries - 1 == 11
    assert all(0 < rest <= 2 for rest in rests)
    assert Patience(seconds=0).rest() is None
