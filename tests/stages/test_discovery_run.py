"""A run over many servers goes on whatever one of them does, and ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.discovery.pool import as_they_come
from inventory.discovery.run import TRANSPORTS, ask_all
from inventory.errors import BadInputError, UnreachableError
from inventory.model.asking import Access, Asker, Ending, Limits, Reply, Transport
from inventory.model.collector import Collector
from inventory.model.fact import FactKey
from inventory.model.run import Visit
from inventory.model.target import Target
from inventory.registry import Plugin

NAME = FactKey[str](name="test.name", kind=str, help="A name")
COLLECTOR = Plugin(
    name="name",
    help="A name",
    value=Collector(script="true", tells=(NAME,), read=lambda _: [], examples=()),
    path=Path("name.py"),
)


@dataclass
class Scripted:
    """A transport of our own, which does what the test says."""

    answer: Callable[[Target], bytes]
    closed: bool = False
    asked: list[str] = field(default_factory=list)

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:  # noqa: ARG002
        """Answer as the test says."""
        self.asked.append(target.host)
        stdout = self.answer(target)
        return Reply(stdout=stdout, stderr=b"", exit_status=0, ending=Ending.FINISHED, seconds=0)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def targets(count: int) -> list[Target]:
    """Return so many servers."""
    return [Target(transport="ssh", host=f"web-{number}", port=22) for number in range(count)]


def run(asker: Asker, wanted: list[Target], *, at_once: int = 4) -> list[Visit]:
    """Ask them all and return their visits."""
    visits = ask_all(
        wanted,
        collectors={"name": COLLECTOR},
        access=Access(),
        limits=Limits(),
        run_id="run-1",
        at_once=at_once,
        clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        transport=lambda _: Transport(open=lambda _: asker),
    )
    return list(visits)


def test_every_server_has_its_visit_and_the_transport_is_closed() -> None:
    """More servers than threads are all asked, each once."""
    asker = Scripted(answer=lambda _: b"")
    visits = run(asker, [*targets(10), *targets(10)])
    assert {visit.target for visit in visits} == {str(target) for target in targets(10)}
    assert len(visits) == len(asker.asked) == 10
    assert asker.closed


def test_a_defect_ends_no_other_and_is_raised_at_the_end() -> None:
    """Our own bug on one server is not swallowed, and costs no other server its visit."""

    def answer(target: Target) -> bytes:
        if target.host == "web-1":
            raise ZeroDivisionError("a bug")
        if target.host == "web-2":
            raise UnreachableError("no failure of ours")
        return b""

    asker = Scripted(answer=answer)
    visits = ask_all(
        targets(5),
        collectors={"name": COLLECTOR},
        access=Access(),
        limits=Limits(),
        run_id="run-1",
        transport=lambda _: Transport(open=lambda _: asker),
    )
    came = [next(visits).target for _ in range(4)]
    with pytest.raises(ZeroDivisionError) as caught:
        next(visits)
    assert sorted(came) == ["ssh://web-0", "ssh://web-2", "ssh://web-3", "ssh://web-4"]
    assert caught.value.__notes__ == ["while asking ssh://web-1"]
    assert asker.closed


def test_a_transport_that_cannot_be_opened_stops_before_asking() -> None:
    """Bad settings are an error of the run, and what was opened before is closed again."""
    asker = Scripted(answer=lambda _: b"")

    def transport(name: str) -> Transport:
        def refuse(_: Access) -> Asker:
            raise BadInputError("no")

        return Transport(open=refuse if name == "ssh" else lambda _: asker)

    with pytest.raises(BadInputError):
        list(
            ask_all(
                [*targets(1), Target(transport="local")],
                collectors={"name": COLLECTOR},
                access=Access(),
                limits=Limits(),
                run_id="run-1",
                transport=transport,
            )
        )
    assert (asker.asked, asker.closed) == ([], True)


def test_no_server_waits_for_another() -> None:
    """While one server does not answer, all the others are handed over."""
    release = threading.Event()

    def answer(target: Target) -> bytes:
        if target.host == "web-0":
            release.wait(10)
        return b""

    asker = Scripted(answer=answer)
    results = as_they_come(answer, targets(20), at_once=2)
    first = [next(results)[0].host for _ in range(19)]
    assert "web-0" not in first
    release.set()
    assert next(results)[0].host == "web-0"
    assert not asker.closed


def test_stopping_early_begins_nothing_more() -> None:
    """Who has seen enough waits for nobody, and the transport is closed."""
    asker = Scripted(answer=lambda _: time.sleep(0.05) or b"")  # type: ignore[func-returns-value]
    visits = ask_all(
        targets(100),
        collectors={"name": COLLECTOR},
        access=Access(),
        limits=Limits(),
        run_id="run-1",
        at_once=2,
        transport=lambda _: Transport(open=lambda _: asker),
    )
    next(visits)
    visits.close()  # type: ignore[attr-defined]
    assert asker.closed
    time.sleep(0.2)
    assert len(asker.asked) <= 4


def test_an_interrupt_ends_the_program_at_once() -> None:
    """Ctrl-C keeps what came, and the interpreter ends without waiting for servers."""
    program = textwrap.dedent("""
        import time
        from inventory.discovery.pool import as_they_come
        try:
            for item, _ in as_they_come(lambda s: time.sleep(s), [0, 30, 30, 30], at_once=2):
                print("came", item, flush=True)
        except KeyboardInterrupt:
            print("stopped", flush=True)
    """)
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "came 0\n"
        started = time.monotonic()
        running.send_signal(signal.SIGINT)
        assert running.stdout.read() == "stopped\n"
        assert running.wait(20) == 0
    assert time.monotonic() - started < 20  # of the half minute that was left


def test_starting_does_not_import_the_ssh_library() -> None:
    """What asks no server does not pay for the library that would."""
    program = (
        "import sys; from inventory.discovery.run import TRANSPORTS; TRANSPORTS.all(); "
        "sys.exit('paramiko' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)


def test_the_transports_are_those_that_targets_name() -> None:
    """Every scheme of a target has its file."""
    assert TRANSPORTS.names() == ("local", "recorded", "ssh")


def test_a_slow_caller_holds_up_the_work() -> None:
    """What nobody has taken yet does not pile up, and is all there in the end."""
    begun: list[int] = []
    results = as_they_come(begun.append, range(100), at_once=4)
    next(results)
    time.sleep(0.3)
    assert len(begun) < 30
    assert len(list(results)) == 99


def test_what_the_runs_limit_cut_off_is_unknown_and_listed() -> None:
    """Servers whose turn did not come are visits with their reason, not silence."""

    def answer(_: Target) -> bytes:
        time.sleep(0.2)
        return b""

    visits = ask_all(
        targets(6),
        collectors={"name": COLLECTOR},
        access=Access(),
        limits=Limits(run_seconds=0.3),
        run_id="run-1",
        at_once=1,
        transport=lambda _: Transport(open=lambda _: Scripted(answer=answer)),
    )
    details = [visit.unreachable.detail for visit in visits if visit.unreachable]
    assert len(details) == 6
    assert details[-1] == "the run's limit of 0.3 s had passed before it was asked"
