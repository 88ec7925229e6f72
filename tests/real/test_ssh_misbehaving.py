"""Whatever answers at a port, we say in bounded time, and in its own words, what is wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing as closed
from pathlib import Path

import pytest
import zoo
from openssh import Server, access, make_key

from inventory.errors import UnreachableError
from inventory.model.asking import Access, Limits
from inventory.model.target import Target
from inventory.ssh.asker import open_asker

SHORT = Limits(connect_seconds=1, banner_seconds=1, authenticate_seconds=1, server_seconds=60)


@pytest.fixture
def stranger(tmp_path: Path) -> Access:
    """Return an access without keys and known hosts: none of these gets so far as to ask."""
    return access(tmp_path / "known_hosts")


def failure(target: Target, access: Access) -> UnreachableError:
    """Ask, and return what went wrong, having checked that it took no longer than it may."""
    started = time.monotonic()
    with closed(open_asker(access)) as asker, pytest.raises(UnreachableError) as caught:
        asker.ask(target, "true", SHORT)
    assert time.monotonic() - started < 20  # of the minute that the server has
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("habit", "words"),
    [
        (zoo.silent, "accepted the connection and said nothing"),
        (zoo.closing, "closed the connection before it said anything"),
        (zoo.dribbling, "took too long over its SSH greeting: it said 'SSH-"),
        (zoo.tarpit, "took too long over its SSH greeting: it said 'please hold the line'"),
        (zoo.http, "gave no SSH greeting: it said 'HTTP/1.1 400 Bad Request'"),
        (zoo.mute_after_greeting, "the key exchange took too long"),
        (zoo.hanging_up_after_greeting, "closed the connection during the key exchange"),
    ],
)
def test_each_misbehaviour_has_its_own_words(
    stranger: Access, habit: zoo.Habit, words: str
) -> None:
    """Silence, noise, slowness and other protocols are each called what they are."""
    with zoo.misbehaving(habit) as target:
        assert words in failure(target, stranger).message


def test_a_closed_port_is_refused(stranger: Access) -> None:
    """A port on which nobody listens is said to refuse."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        target = Target(transport="ssh", host="127.0.0.1", port=bound.getsockname()[1])
        assert failure(target, stranger).message == "the connection was refused"


def test_an_address_that_swallows_packets_times_out(stranger: Access) -> None:
    """A full backlog drops what comes, as a firewall does: we wait for the limit, no longer."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filling in (first, second):
            filling.settimeout(0)
            filling.connect_ex(listener.getsockname())
        target = Target(transport="ssh", host="127.0.0.1", port=listener.getsockname()[1])
        assert failure(target, stranger).message == "nothing answered within 1 s"


def test_a_name_that_does_not_resolve_is_named(stranger: Access) -> None:
    """The name is in the message, so that a slip of the pen is seen."""
    target = Target(transport="ssh", host="no-such-server.invalid", port=22)
    with closed(open_asker(stranger)) as asker, pytest.raises(UnreachableError) as caught:
        asker.ask(target, "true", SHORT)
    assert "'no-such-server.invalid'" in caught.value.message


def test_nothing_is_logged_and_no_timer_is_left(
    stranger: Access, capfd: pytest.CaptureFixture[str]
) -> None:
    """A failed handshake says nothing on our streams and leaves no thread that delays our end."""
    with zoo.misbehaving(zoo.hanging_up_after_greeting) as target:
        failure(target, stranger)
    assert capfd.readouterr() == ("", "")
    assert [each for each in threading.enumerate() if isinstance(each, threading.Timer)] == []


@pytest.mark.sshd
def test_no_common_algorithm_is_said(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """A server that speaks none of our algorithms is called incompatible, not dead."""
    server = sshd("KexAlgorithms sntrup761x25519-sha512@openssh.com")
    error = failure(server.target, server.access(tmp_path / "known_hosts"))
    assert "no algorithm in common" in error.message


@pytest.mark.sshd
def test_too_many_connections_at_once_are_said(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """A server that throttles (MaxStartups) is told by what it says, with the remedy."""
    server = sshd("MaxStartups 1:100:1")
    with _the_only_connection(server):
        error = failure(server.target, server.access(tmp_path / "known_hosts"))
    assert "MaxStartups" in f"{error} {error.hint}"


def _the_only_connection(server: Server) -> socket.socket:
    """Connect, waiting for the connections before it to be forgotten."""
    for _ in range(100):
        connected = socket.create_connection((server.host, server.port))
        if connected.recv(8) == b"SSH-2.0-":
            return connected
        connected.close()
        time.sleep(0.02)
    raise AssertionError("the server lets nobody in")


@pytest.mark.sshd
def test_a_login_that_never_comes_is_bounded(server: Server, tmp_path: Path) -> None:
    """A line that stalls during the login costs the login's limit."""
    with zoo.misbehaving(zoo.stall_after(server, 1650)) as target:
        known_hosts = tmp_path / "known_hosts"
        allowed = server.access(known_hosts)
        known_hosts.write_text(known_hosts.read_text().replace(str(server.port), str(target.port)))
        error = failure(target, allowed)
    assert "took too long" in error.message


def test_a_key_for_nobody_is_harmless(tmp_path: Path, stranger: Access) -> None:
    """A key in hand does not change what a silent server is called."""
    key = make_key(tmp_path / "id")
    with zoo.misbehaving(zoo.silent) as target:
        error = failure(target, access(tmp_path / "known_hosts", key))
        assert error.message == failure(target, stranger).message
