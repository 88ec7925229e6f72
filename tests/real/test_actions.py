"""Powering off over SSH, on real OpenSSH servers whose power-off is a stand-in.

Nothing here can reach a real power-off: each session's PATH begins with stand-ins for every such
command, which is asserted before anything is told, and they end that test's sshd alone.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import openssh
import pytest
from openssh import Server
from sights import move

from inventory.model.asking import Access, Limits, Transport
from inventory.registry import Registry
from migrate.actions._power import Power
from migrate.actions.power_off_ssh import PowerOff
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.plan import Move

ACTION = Registry(package="migrate.actions", attribute="ACTION", kind=Action)
SSH = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)
STAND_INS = ("systemctl", "poweroff", "shutdown", "halt", "reboot", "telinit", "init")
LIMITS = Limits(connect_seconds=1, banner_seconds=2, authenticate_seconds=5, server_seconds=20)
ENDS_SSHD = 'echo "$0 $*" >> {told}; kill "$(cat {pid})"'
DOES_NOTHING = 'echo "$0 $*" >> {told}'

OldServer = tuple[Server, Access, Path]


@pytest.fixture
def old(sshd: Callable[..., Server], tmp_path: Path) -> Callable[[str], OldServer]:
    """Return a function that starts an old server whose every power-off does what is given."""

    def start(behaviour: str) -> OldServer:
        folder = tmp_path / "stand-ins"
        folder.mkdir()
        told = tmp_path / "told"
        told.touch()
        server = sshd(f"ForceCommand PATH={folder}:/usr/bin:/bin sh -s")
        body = behaviour.format(told=told, pid=server.home.parent / "pid")
        for name in STAND_INS:
            (folder / name).write_text(f"#!/bin/sh\n{body}\n")
            (folder / name).chmod(0o755)
        access = server.access(tmp_path / "known_hosts")
        _assert_harmless(server, access, folder)
        return server, access, told

    return start


def _assert_harmless(server: Server, access: Access, folder: Path) -> None:
    """See to it that every power-off that the server would find is a stand-in."""
    asker = SSH.one("ssh").value.open(access)
    try:
        names = " ".join(STAND_INS)
        reply = asker.ask(server.target, f"for n in {names}; do command -v $n; done", LIMITS)
    finally:
        asker.close()
    assert reply.stdout.decode().split() == [str(folder / name) for name in STAND_INS]


def power_off(moving: Move, access: Access, limits: Limits, wait_seconds: float = 20) -> Effect:
    """Power off, and watch for at most so long."""
    task = Task(move=moving, access=access, limits=limits)
    return PowerOff(wait_seconds=wait_seconds).apply(task)


def leaving(server: Server, **more: object) -> Move:
    """Return the move of a server that is reached where it listens, as root."""
    if os.geteuid() != 0:
        pytest.skip("only root's own sshd lets root in")
    made = move(source=str(replace(server.target, user="root")), replacement=None)
    return replace(made, **more)  # type: ignore[arg-type]


def told_once(told: Path) -> bool:
    """Whether exactly one power-off was given within a moment."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not told.read_text():
        time.sleep(0.05)
    return len(told.read_text().splitlines()) == 1


@pytest.mark.sshd
def test_a_server_that_goes_down_is_done(old: Callable[[str], OldServer]) -> None:
    """It is told once, goes down, and the effect says what was seen and what was not."""
    server, access, told = old(ENDS_SSHD)
    effect = power_off(leaving(server), access, LIMITS)
    assert effect.aftermath is Aftermath.DONE
    assert told_once(told)
    assert "told to power off (sent " in effect.detail
    assert "on loopback that is what off looks like" in effect.detail


def test_a_closed_port_alone_is_not_off(tmp_path: Path) -> None:
    """An address that still refuses connections is still there; only silence is gone."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # 127.1 is how the resolver may be told of loopback without its being seen as loopback.
    seen, words = _look(f"ssh://root@127.1:{port}", tmp_path)
    assert seen is Aftermath.UNKNOWN
    assert "its address still answers" in words


@pytest.mark.sshd
def test_looking_finds_what_an_act_left(old: Callable[[str], OldServer]) -> None:
    """Before the act a look sees it up, after it down; looking tells the server nothing."""
    server, access, told = old(ENDS_SSHD)
    task = Task(move=leaving(server), access=access, limits=LIMITS)
    look = partial(ACTION.one("power-off-ssh").value.look, task)
    assert look().aftermath is Aftermath.NOT_DONE
    assert told.read_text() == ""
    power_off(leaving(server), access, LIMITS)
    assert look().aftermath is Aftermath.DONE


@pytest.mark.sshd
def test_a_server_that_stays_up_is_not_done(old: Callable[[str], OldServer]) -> None:
    """A power-off that has no effect is reported as none, in bounded time."""
    server, access, told = old(DOES_NOTHING)
    effect = power_off(leaving(server), access, LIMITS, wait_seconds=2)
    assert effect.aftermath is Aftermath.NOT_DONE
    assert told_once(told)
    assert "still answers with SSH" in effect.detail


@pytest.mark.sshd
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("refused systemctl poweroff: Access denied", "it refused: systemctl poweroff: Access"),
        ("absent", "neither systemctl nor poweroff nor shutdown"),
    ],
)
def test_a_refusal_is_told(
    sshd: Callable[..., Server], tmp_path: Path, answer: str, words: str
) -> None:
    """When the server says that it will not, its words are told and nothing is waited for."""
    server = sshd(f"ForceCommand cat >/dev/null; echo Welcome; echo 'decant-power-off: {answer}'")
    effect = power_off(leaving(server), server.access(tmp_path / "known_hosts"), LIMITS)
    assert effect.aftermath is Aftermath.NOT_DONE
    assert words in effect.detail


@pytest.mark.sshd
def test_no_answer_is_not_taken_for_an_effect(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """A server that says nothing and stays up was not powered off, and both is told."""
    server = sshd("ForceCommand cat >/dev/null")
    access = server.access(tmp_path / "known_hosts")
    effect = power_off(leaving(server), access, LIMITS, wait_seconds=1)
    assert effect.aftermath is Aftermath.NOT_DONE
    assert "gave no answer" in effect.detail


@pytest.mark.sshd
def test_an_account_without_privilege_is_not_done(
    old: Callable[[str], OldServer], tmp_path: Path
) -> None:
    """An account that is not root, and may not use sudo, is told nothing and says what it lacks."""
    server, access, told = old(ENDS_SSHD)
    nobody = tmp_path / "stand-ins" / "id"
    nobody.write_text("#!/bin/sh\necho 1000\n")
    nobody.chmod(0o755)
    effect = power_off(leaving(server), access, LIMITS)
    assert effect.aftermath is Aftermath.NOT_DONE
    assert "may not run" in effect.detail
    time.sleep(1.5)
    assert told.read_text() == ""


@pytest.mark.sshd
@pytest.mark.parametrize("is_allowed", [True, False])
def test_sudo_is_used_only_when_the_run_may(
    old: Callable[[str], OldServer],
    tmp_path: Path,
    is_allowed: bool,  # noqa: FBT001 -- the two cases
) -> None:
    """With leave to use sudo it is used; sudo's own refusal is respected."""
    server, access, told = old(ENDS_SSHD)
    for name, body in {
        "id": "echo 1000",
        "sudo": f'[ "$2" = -l ] && exit {0 if is_allowed else 1}; shift; exec "$@"',
    }.items():
        (tmp_path / "stand-ins" / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / "stand-ins" / name).chmod(0o755)
    effect = power_off(leaving(server), replace(access, sudo=True), LIMITS, wait_seconds=5)
    assert effect.aftermath is (Aftermath.DONE if is_allowed else Aftermath.NOT_DONE)
    assert bool(told.read_text()) is is_allowed


@pytest.mark.sshd
def test_an_unverified_server_is_told_nothing(
    old: Callable[[str], OldServer], tmp_path: Path
) -> None:
    """A server whose host key is not the known one is never told to power off."""
    server, access, told = old(ENDS_SSHD)
    other = openssh.make_key(tmp_path / "another")
    access.known_hosts[0].write_text(f"{server.name} {openssh.public(other)}\n")
    effect = power_off(leaving(server), access, LIMITS)
    assert effect.aftermath is Aftermath.NOT_DONE
    assert "nothing was sent" in effect.detail
    time.sleep(1.5)
    assert told.read_text() == ""


@pytest.mark.sshd
def test_a_refused_key_is_told_nothing(old: Callable[[str], OldServer], tmp_path: Path) -> None:
    """Credentials that are refused do nothing, and a file that is no key does neither."""
    server, access, _ = old(ENDS_SSHD)
    stranger = replace(access, identities=(openssh.make_key(tmp_path / "stranger"),))
    for given in (stranger, replace(access, identities=(tmp_path / "missing",))):
        effect = power_off(leaving(server), given, LIMITS)
        assert effect.aftermath is Aftermath.NOT_DONE
        assert "nothing was sent" in effect.detail


def test_a_server_that_was_away_before_is_unknown(tmp_path: Path) -> None:
    """A server that did not answer when it should be told did not go because of us."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    gone = move(source=f"ssh://root@127.0.0.1:{port}", replacement=None)
    access = openssh.access(tmp_path / "known_hosts")
    effect = power_off(gone, access, LIMITS)
    assert effect.aftermath is Aftermath.UNKNOWN
    assert "nothing was sent" in effect.detail


@pytest.mark.parametrize("source", ["local", "recorded://web-1.txt", "not a target !"])
def test_only_ssh_is_ever_acted_on(source: str, tmp_path: Path) -> None:
    """This very machine, and whatever is not reached by ssh, is never told anything."""
    action, access = ACTION.one("power-off-ssh").value, openssh.access(tmp_path / "known_hosts")
    task = Task(move=move(source=source), access=access, limits=LIMITS)
    applied = action.apply(task)
    assert applied.aftermath is Aftermath.NOT_DONE
    assert "not reached by ssh" in applied.detail
    assert action.look(task).aftermath is Aftermath.UNKNOWN


@dataclass
class Board:
    """A management board that says what it is told to say, and notes what it is asked."""

    says: Power
    then: Power = Power.ON
    """What it says once it was told to switch on."""
    fault: str = ""
    switched: int = 0

    def state(self, _move: Move) -> Power:
        """Say it."""
        return self.says

    def power_on(self, _move: Move) -> str:
        """Note it."""
        self.switched += 1
        self.says = self.then
        return self.fault

    def power_off(self, _move: Move) -> str:
        """Nothing here asks for that."""
        raise AssertionError


@pytest.mark.sshd
def test_what_was_powered_off_is_switched_on_by_its_board(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """Taken back is what its board switched on and answers again; without a board it cannot be."""
    server, board = sshd(), Board(Power.OFF)
    access = server.access(tmp_path / "known_hosts")
    task = Task(move=leaving(server), access=access, limits=LIMITS)
    restore = PowerOff(controller=board, wait_seconds=2).action().restore
    assert restore is not None
    effect = restore(task)

    assert board.switched == 1
    assert effect.aftermath is Aftermath.NOT_DONE
    assert "its power is on" in effect.detail
    assert PowerOff().action().restore is None


@pytest.mark.sshd
@pytest.mark.parametrize(
    ("says", "seen"),
    [
        (Power.ON, Aftermath.NOT_DONE),
        (Power.OFF, Aftermath.UNKNOWN),
        (Power.UNKNOWN, Aftermath.NOT_DONE),
    ],
)
def test_a_board_and_the_server_itself_have_to_agree(
    sshd: Callable[..., Server], tmp_path: Path, says: Power, seen: Aftermath
) -> None:
    """A server that answers is not off because its board says so; that cannot be told then."""
    server = sshd()
    task = Task(move=leaving(server), access=server.access(tmp_path / "known_hosts"), limits=LIMITS)

    assert PowerOff(controller=Board(says)).look(task).aftermath is seen


def test_a_board_that_does_not_switch_on_is_told(tmp_path: Path) -> None:
    """Its words are told, and nothing is waited for."""
    board = Board(Power.OFF, fault="no such blade")
    task = Task(move=move(), access=openssh.access(tmp_path / "known_hosts"), limits=LIMITS)
    effect = PowerOff(controller=board).restore(task)

    assert effect.aftermath is Aftermath.UNKNOWN
    assert "no such blade" in effect.detail


def test_it_says_exactly_what_it_would_do() -> None:
    """The description names the server and where it is reached."""
    said = ACTION.one("power-off-ssh").value.describe(
        Task(move=move(), access=Access(), limits=LIMITS)
    )
    assert "web-1" in said
    assert "ssh://root@10.0.0.4" in said


def _look(source: str, tmp_path: Path, replacement: str | None = None) -> tuple[Aftermath, str]:
    task = Task(
        move=move(source=source, replacement=replacement),
        access=openssh.access(tmp_path / "known_hosts"),
        limits=LIMITS,
    )
    seen = ACTION.one("power-off-ssh").value.look(task)
    return seen.aftermath, seen.detail


def test_a_name_that_resolves_no_more_is_unknown(tmp_path: Path) -> None:
    """A name that went away says nothing of the server."""
    aftermath, detail = _look("ssh://root@web-1.invalid", tmp_path)
    assert aftermath is Aftermath.UNKNOWN
    assert "does not resolve" in detail


@pytest.mark.parametrize(
    ("greeting", "words"), [(b"", "says nothing"), (b"220 ftp\r\n", "is not SSH")]
)
def test_something_else_on_the_port_is_unknown(greeting: bytes, words: str, tmp_path: Path) -> None:
    """A port that takes connections without SSH behind it is neither up nor down."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        aftermath, detail = _look(_at(listener), tmp_path)
        thread.join(5)
    assert aftermath is Aftermath.UNKNOWN
    assert words in detail


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Return a listener whose queue is full, so that a knock at it is never answered."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            client = stack.enter_context(socket.socket())
            client.settimeout(0)
            client.connect_ex(listener.getsockname())
        yield listener


def test_silence_beside_an_answering_witness_is_gone(silent: socket.socket, tmp_path: Path) -> None:
    """A silent server is gone when the new one does answer from here."""
    with socket.create_server(("127.0.0.1", 0)) as witness:
        aftermath, detail = _look(_at(silent), tmp_path, _at(witness))
    assert aftermath is Aftermath.DONE
    assert "timed out" in detail
    assert "does answer" in detail


def test_silence_all_around_is_unknown(silent: socket.socket, tmp_path: Path) -> None:
    """When the new server does not answer either, the fault may be at this end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = _at(listener)
    aftermath, detail = _look(_at(silent), tmp_path, closed)
    assert aftermath is Aftermath.UNKNOWN
    assert "may be at fault" in detail


def _at(listener: socket.socket) -> str:
    return f"ssh://root@127.0.0.1:{listener.getsockname()[1]}"
