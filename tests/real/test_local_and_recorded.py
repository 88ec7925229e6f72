"""This machine and recordings are asked by the same words as servers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from collecting import collectors, key
from sleeping import ended, own_seconds

from inventory.discovery.run import TRANSPORTS, ask_all
from inventory.errors import UnreachableError
from inventory.model.asking import Access, Asker, Ending, Limits
from inventory.model.fact import Facts, Known
from inventory.model.run import Visit
from inventory.model.target import Target

LOCAL = Target(transport="local")


@pytest.fixture
def local() -> Asker:
    """Return the transport to this machine."""
    return TRANSPORTS.one("local").value.open(Access())


def run(target: Target, **questions: str) -> Visit:
    """Ask one target."""
    (visit,) = ask_all(
        [target],
        collectors=collectors(**questions),
        access=Access(),
        limits=Limits(),
        run_id="run-1",
    )
    return visit


def test_this_machine_answers(local: Asker) -> None:
    """Streams and status come back, as from a server."""
    reply = local.ask(LOCAL, "echo said; echo wrong >&2; exit 3", Limits())
    assert (reply.stdout, reply.stderr, reply.exit_status) == (b"said\n", b"wrong\n", 3)


@pytest.mark.parametrize("stream", ["&1", "&2"])
def test_megabytes_on_either_stream_do_not_hang(local: Asker, stream: str) -> None:
    """Both streams are drained at once."""
    script = f"head -c 5000000 /dev/zero >{stream}; echo end"
    reply = local.ask(LOCAL, script, Limits())
    assert reply.ending is Ending.FINISHED
    assert reply.stdout.endswith(b"end\n")
    assert len(reply.stderr) in {0, Limits().stderr_bytes}


def test_a_script_larger_than_the_pipe_is_fed_while_it_answers(local: Asker) -> None:
    """Neither side waits for the other."""
    reply = local.ask(LOCAL, f"echo {'x' * 990}\n" * 3000, Limits())
    assert len(reply.stdout) == 991 * 3000


def test_what_never_ends_is_killed(local: Asker) -> None:
    """At the limit the shell and what it started are ended, and what arrived is kept."""
    started, sleeps = time.monotonic(), own_seconds()
    reply = local.ask(LOCAL, f"echo begun; sleep {sleeps} | cat", Limits(server_seconds=1))
    assert (reply.stdout, reply.ending) == (b"begun\n", Ending.TIMED_OUT)
    assert time.monotonic() - started < 30
    assert ended(sleeps)


def test_too_much_is_cut(local: Asker) -> None:
    """An endless answer ends at the limit."""
    reply = local.ask(LOCAL, "cat /dev/zero", Limits(answer_bytes=1000))
    assert (len(reply.stdout), reply.ending) == (1000, Ending.TOO_LARGE)


def test_a_shell_that_ends_early_is_no_failure(local: Asker) -> None:
    """A script of which the shell reads only the beginning breaks no pipe of ours."""
    reply = local.ask(LOCAL, "exit 4\n" + "#" * 5_000_000, Limits())
    assert (reply.exit_status, reply.ending) == (4, Ending.FINISHED)


@pytest.mark.parametrize("as_folder", [True, False])
def test_what_was_recorded_is_read_as_it_was_said(tmp_path: Path, *, as_folder: bool) -> None:
    """The raw answer of one run is read again, in another run, without the server."""
    visit = run(LOCAL, who="id -un", binary="printf '\\000\\377'")
    file = tmp_path / "stdout"
    file.write_bytes(visit.raw)
    recorded = Target(transport="recorded", host=str(tmp_path if as_folder else file))
    again = run(recorded, who="never run", binary="never run")
    told = Facts.from_observations(again.observations)
    assert isinstance(told.of(key("who")), Known)
    assert {each.key.name: each.fact for each in visit.observations} == {
        each.key.name: each.fact for each in again.observations
    }


def test_a_missing_recording_is_unreachable(tmp_path: Path) -> None:
    """The path is named."""
    target = Target(transport="recorded", host=str(tmp_path / "web-1.txt"))
    asker = TRANSPORTS.one("recorded").value.open(Access())
    with pytest.raises(UnreachableError, match=r"web-1\.txt cannot be read"):
        asker.ask(target, "", Limits())
    assert run(target, who="id").unreachable is not None
