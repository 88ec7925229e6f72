"""A run over real servers: each is asked in one round trip, none keeps another waiting."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zoo
from collecting import collectors, key
from openssh import Server, access

from inventory.discovery.run import ask_all
from inventory.errors import BadInputError
from inventory.model.asking import Access, Limits
from inventory.model.fact import Facts, Known, Reason, Unknown
from inventory.model.run import Visit
from inventory.model.target import Target

pytestmark = pytest.mark.sshd

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LIMIT_SECONDS = 6
"""What a server that misbehaves costs: long enough for seventeen others on a busy machine."""
QUESTIONS = collectors(home='echo "$HOME"', who="id -un", binary="head -c 100 /dev/zero")


def ask(targets: list[Target], allowed: Access, **limits: float) -> dict[str, Visit]:
    """Run over the targets; return each visit by its target."""
    visits = ask_all(
        targets,
        collectors=QUESTIONS,
        access=allowed,
        limits=Limits(**limits),  # type: ignore[arg-type]
        run_id="run-1",
        clock=lambda: NOW,
    )
    return {visit.target: visit for visit in visits}


def test_a_server_is_asked_every_question_at_once(server: Server, tmp_path: Path) -> None:
    """Facts come back with their origin, and the raw answer is kept."""
    (visit,) = ask([server.target], server.access(tmp_path / "known")).values()
    facts = Facts.from_observations(visit.observations)
    assert facts.of(key("home")) == Known(value=f"{server.home}\n")
    assert facts.of(key("binary")) == Known(value="\0" * 100)
    origin = facts["test.home"].origin
    assert origin is not None
    assert (origin.source, origin.question, origin.at) == (str(server.target), "home", NOW)
    assert visit.unreachable is None
    assert b"begin home" in visit.raw


def test_a_target_given_twice_is_asked_once(server: Server, tmp_path: Path) -> None:
    """Doubles in a list cost nothing."""
    visits = ask_all(
        [server.target] * 3,
        collectors=QUESTIONS,
        access=server.access(tmp_path / "known"),
        limits=Limits(),
        run_id="run-1",
    )
    assert len(list(visits)) == 1


def test_healthy_servers_come_through_beside_misbehaving_ones(
    sshd: Callable[..., Server], client_key: Path, tmp_path: Path
) -> None:
    """Of twenty at once three misbehave; the seventeen come quickly, the three in bounded time."""
    servers = [sshd(host=f"127.0.0.{number}") for number in range(2, 19)]
    known_hosts = tmp_path / "known_hosts"
    with ExitStack() as stack:
        bad = [
            stack.enter_context(zoo.misbehaving(habit))
            for habit in (zoo.silent, zoo.dribbling, zoo.stall_after(servers[0], 2500))
        ]
        lines = "".join(server.known_line for server in servers)
        alias = servers[0].known_line.replace(servers[0].name, f"[127.0.0.1]:{bad[2].port}")
        known_hosts.write_text(lines + alias)
        started, arrived = time.monotonic(), {}
        for visit in ask_all(
            [*bad, *(server.target for server in servers)],
            collectors=QUESTIONS,
            access=access(known_hosts, client_key),
            limits=Limits(banner_seconds=LIMIT_SECONDS, server_seconds=LIMIT_SECONDS),
            run_id="run-1",
        ):
            arrived[visit.target] = (visit, time.monotonic() - started)
    good = [arrived.pop(str(server.target)) for server in servers]
    assert all(visit.unreachable is None for visit, _ in good)
    assert len(arrived) == 3
    slow = [seconds for _, seconds in arrived.values()]
    assert max(seconds for _, seconds in good) < min(slow)
    assert LIMIT_SECONDS <= min(slow) <= max(slow) < 4 * LIMIT_SECONDS


def test_every_failure_becomes_that_servers_unknown(
    sshd: Callable[..., Server], server: Server, tmp_path: Path
) -> None:
    """The reason is in words, with the remedy; the server beside it is read."""
    stranger = sshd()
    allowed = server.access(tmp_path / "known")
    visits = ask([stranger.target, server.target], allowed)
    unknown = visits[str(stranger.target)].unreachable
    assert unknown is not None
    assert unknown.reason is Reason.UNREACHABLE
    assert "is not known" in unknown.detail
    assert "ssh-keyscan" in unknown.detail
    assert visits[str(server.target)].unreachable is None


def test_an_account_without_a_shell_is_unreachable(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """What nologin says is repeated."""
    server = sshd("ForceCommand echo This account is currently not available.; exit 1")
    (visit,) = ask([server.target], server.access(tmp_path / "known")).values()
    assert visit.unreachable is not None
    assert "This account is currently not available." in visit.unreachable.detail


def test_a_noisy_login_spoils_nothing(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """A login script that prints on both streams, without a line feed, is passed over."""
    noise = "echo '*** Authorised use only ***'; echo quota 93%% >&2; printf 'no line feed'"
    server = sshd(f"ForceCommand {noise}; exec $SSH_ORIGINAL_COMMAND")
    (visit,) = ask([server.target], server.access(tmp_path / "known")).values()
    facts = Facts.from_observations(visit.observations)
    assert facts.of(key("home")) == Known(value=f"{server.home}\n")
    assert b"Authorised use only" in visit.raw


def test_a_connection_cut_in_mid_answer_keeps_what_was_whole(
    server: Server, tmp_path: Path
) -> None:
    """The questions before the cut are answered, the one cut and those after it are unknown."""
    questions = collectors(first="echo 1", long="seq 1 1000000", last="echo 2")
    known_hosts = tmp_path / "known"
    allowed = server.access(known_hosts)
    with zoo.misbehaving(zoo.cut_after(server, 300_000)) as target:
        known_hosts.write_text(known_hosts.read_text().replace(str(server.port), str(target.port)))
        (visit,) = ask_all(
            [target], collectors=questions, access=allowed, limits=Limits(), run_id="run-1"
        )
    facts = Facts.from_observations(visit.observations)
    assert facts.of(key("first")) == Known(value="1\n")
    for name in ("long", "last"):
        unknown = facts.of(key(name))
        assert isinstance(unknown, Unknown)
        assert unknown.detail == "the connection was cut before this was answered"


def test_a_slow_question_costs_only_itself(server: Server, tmp_path: Path) -> None:
    """The server itself stops a question that does not end."""
    questions = collectors(first="echo 1", slow="sleep 62", last="echo 2")
    (visit,) = ask_all(
        [server.target],
        collectors=questions,
        access=server.access(tmp_path / "known"),
        limits=Limits(question_seconds=1),
        run_id="run-1",
    )
    facts = Facts.from_observations(visit.observations)
    slow = facts.of(key("slow"))
    assert isinstance(slow, Unknown)
    assert slow.reason is Reason.TIMED_OUT
    assert facts.of(key("last")) == Known(value="2\n")


def test_a_bad_key_stops_the_run_before_anything_is_asked(server: Server, tmp_path: Path) -> None:
    """A slip in the settings is told once, not once for each server."""
    missing = access(tmp_path / "known", tmp_path / "missing")
    with pytest.raises(BadInputError):
        ask([server.target], missing)


def test_nothing_is_written_on_the_server(server: Server, tmp_path: Path) -> None:
    """After a run the home folder is as it was, to the time of each file."""
    (server.home / "file").write_text("as it was")
    before = _listing(server.home)
    ask([server.target], server.access(tmp_path / "known"))
    assert _listing(server.home) == before


def _listing(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [folder, *folder.rglob("*")]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}


def test_a_server_without_a_home_folder_is_asked_all_the_same(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """No folder of the account is needed."""
    server = sshd()
    server.home.rmdir()
    (visit,) = ask([server.target], server.access(tmp_path / "known")).values()
    facts = Facts.from_observations(visit.observations)
    assert facts.of(key("who")) == Known(value=f"{getpass.getuser()}\n")
