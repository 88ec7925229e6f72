"""Embedded servers speak real SSH, answer with their recording, and can be switched off."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from inventory.discovery.run import TRANSPORTS
from inventory.errors import AccessRefusedError, HostKeyError, UnreachableError, UsageError
from inventory.model.asking import Access, Limits, Reply
from inventory.model.target import Target
from migrate.demo.embedded_server import EmbeddedServer, embedded_server
from migrate.demo.fleet_keys import KeyPair, make_key, write_private
from migrate.demo.run import run_demo
from migrate.demo.telling import Telling

LIMITS = Limits(connect_seconds=5, server_seconds=20)
ROOT = Path(__file__).parents[2]
RUN = "from migrate.console import main; main()"
ASKING = "printf '\\nDECANT 1 0123456789abcdef\\n'"


def read(key: KeyPair) -> paramiko.PKey:
    """Read a key as paramiko has it."""
    return paramiko.Ed25519Key.from_private_key(io.StringIO(key.private.decode()))


def ask(server: EmbeddedServer, access: Access, script: str) -> Reply:
    """Give a script to the server by the real transport."""
    asker = TRANSPORTS.one("ssh").value.open(access)
    try:
        target = Target(transport="ssh", host="127.0.0.1", port=server.port, user="root")
        return asker.ask(target, script, LIMITS)
    finally:
        asker.close()


@pytest.fixture
def visitor() -> KeyPair:
    """Make the key that may log in."""
    return make_key()


@pytest.fixture
def server(tmp_path: Path, visitor: KeyPair) -> Iterator[EmbeddedServer]:
    """Run an embedded server with a small recording."""
    recording = tmp_path / "recording.txt"
    recording.write_bytes(b"\nDECANT 1 0123456789abcdef\n")
    with embedded_server(recording, read(make_key()), read(visitor)) as running:
        yield running


@pytest.fixture
def access(tmp_path: Path, server: EmbeddedServer, visitor: KeyPair) -> Access:
    """Hold what is needed to get in."""
    write_private(tmp_path / "key", visitor)
    known = tmp_path / "known_hosts"
    key = server.host_key
    known.write_text(f"[127.0.0.1]:{server.port} {key.get_name()} {key.get_base64()}\n")
    return Access(identities=(tmp_path / "key",), use_agent=False, known_hosts=(known,))


def test_it_answers_with_its_recording(server: EmbeddedServer, access: Access) -> None:
    """Whoever asks gets the recording, byte for byte."""
    reply = ask(server, access, ASKING)

    assert reply.stdout == server.recording.read_bytes()
    assert reply.exit_status == 0


def test_its_recording_can_be_exchanged(
    server: EmbeddedServer, access: Access, tmp_path: Path
) -> None:
    """After a change it answers with another recording."""
    server.recording = tmp_path / "changed.txt"
    server.recording.write_bytes(b"changed")

    assert ask(server, access, ASKING).stdout == b"changed"


def test_it_can_be_switched_off(server: EmbeddedServer, access: Access) -> None:
    """A script that switches off is answered; then nothing listens any more."""
    assert ask(server, access, "poweroff").exit_status == 0

    server.ended.wait(timeout=5)
    assert not server.is_on
    with pytest.raises(UnreachableError):
        ask(server, access, ASKING)


def test_it_runs_nothing(server: EmbeddedServer, access: Access) -> None:
    """Any other script is refused, as a shell refuses what it does not know."""
    assert ask(server, access, "echo hello").exit_status == 127


def test_only_the_visitor_may_come_in(
    server: EmbeddedServer, access: Access, tmp_path: Path
) -> None:
    """Another key is refused."""
    write_private(tmp_path / "other", make_key())
    other = Access(
        identities=(tmp_path / "other",), use_agent=False, known_hosts=access.known_hosts
    )

    with pytest.raises(AccessRefusedError):
        ask(server, other, ASKING)


def test_its_host_key_counts(server: EmbeddedServer, access: Access, tmp_path: Path) -> None:
    """A server whose key is not known is not trusted."""
    empty = tmp_path / "empty"
    empty.touch()
    stranger = Access(identities=access.identities, use_agent=False, known_hosts=(empty,))

    with pytest.raises(HostKeyError):
        ask(server, stranger, ASKING)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_demo_leaves_nothing_when_it_is_ended(tmp_path: Path, number: signal.Signals) -> None:
    """Ended in the middle of a command, the demo removes its keys and servers, and says so."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "demo", "--embedded"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout
        assert demo.stderr
        while "$ decant discover" not in demo.stdout.readline():
            assert demo.poll() is None
        demo.send_signal(number)
        said = demo.stderr.read()

    assert demo.returncode == 130
    assert "error: interrupted" in said
    assert not list(tmp_path.glob("decant-lab-*"))


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    """The demo does not write into a folder that holds something."""
    (tmp_path / "mine").touch()

    with pytest.raises(UsageError, match="not an empty folder"):
        run_demo(tmp_path, embedded=True, telling=Telling(out=io.StringIO()))

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
