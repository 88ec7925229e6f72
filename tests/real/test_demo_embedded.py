"""Embedded servers speak real SSH, answer with their recording, and can be switched off."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from inventory.discovery.run import TRANSPORTS
from inventory.errors import AccessRefusedError, HostKeyError, UnreachableError
from inventory.model.asking import Access, Limits, Reply
from inventory.model.target import Target
from migrate.demo.embedded_server import EmbeddedServer, embedded_server
from migrate.demo.fleet_keys import KeyPair, make_key, write_private

LIMITS = Limits(connect_seconds=5, server_seconds=20)
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
