"""No server is asked that is not the one that is trusted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from openssh import Server, access, fingerprint, make_key, public

from inventory.errors import BadInputError, HostKeyError
from inventory.model.asking import Access, Limits, Reply
from inventory.ssh.asker import open_asker

pytestmark = pytest.mark.sshd


def ask(server: Server, allowed: Access) -> Reply:
    """Ask the server for a word."""
    with closing(open_asker(allowed)) as asker:
        return asker.ask(server.target, "echo in", Limits(server_seconds=20))


def refusal(server: Server, allowed: Access) -> HostKeyError:
    """Ask, and return why the server was not trusted."""
    with pytest.raises(HostKeyError) as caught:
        ask(server, allowed)
    assert caught.value.hint
    return caught.value


def knowing(server: Server, folder: Path, *lines: str) -> Access:
    """Return an access whose known_hosts holds these lines."""
    known_hosts = folder / "known_hosts"
    known_hosts.write_text("".join(f"{line}\n" for line in lines))
    return access(known_hosts, server.client_key)


def test_an_unknown_server_is_refused_with_its_fingerprint(server: Server, tmp_path: Path) -> None:
    """A server never seen is not asked; what it showed is said, to be compared."""
    error = refusal(server, knowing(server, tmp_path))
    assert "is not known" in error.message
    assert fingerprint(server.host_key) in error.message
    assert "--accept-new-host-keys" in str(error.hint)


def test_a_known_server_is_asked(server: Server, tmp_path: Path) -> None:
    """A plain line makes a server known."""
    assert ask(server, knowing(server, tmp_path, server.known_line)).stdout == b"in\n"


def test_a_hashed_line_is_understood(server: Server, tmp_path: Path) -> None:
    """What ssh-keygen -H made of the names is found all the same."""
    allowed = knowing(server, tmp_path, f"other.example,{server.known_line}")
    file = allowed.known_hosts[0]
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(file)], check=True, capture_output=True)
    assert server.host not in file.read_text()
    assert ask(server, allowed).stdout == b"in\n"


def test_a_changed_key_is_refused_with_both_fingerprints(server: Server, tmp_path: Path) -> None:
    """The old and the new key are both said, and where the old one is written."""
    other = make_key(tmp_path / "other")
    allowed = knowing(server, tmp_path, "# a comment", f"{server.name} {public(other)}")
    error = refusal(server, allowed)
    assert "has changed" in error.message
    assert fingerprint(other) in error.message
    assert fingerprint(server.host_key) in error.message
    assert f"{allowed.known_hosts[0]}:2" in error.message


def test_a_changed_key_is_refused_when_new_ones_are_accepted(
    server: Server, tmp_path: Path
) -> None:
    """Accepting servers never seen does not accept another key of one that was."""
    other = make_key(tmp_path / "other")
    record = tmp_path / "record"
    allowed = knowing(server, tmp_path, f"{server.name} {public(other)}")
    error = refusal(server, replace(allowed, accept_new_into=record))
    assert "has changed" in error.message
    assert not record.exists()


def test_another_type_of_key_is_a_changed_key(server: Server, tmp_path: Path) -> None:
    """Whoever holds no key that we know cannot get by with a key of another type."""
    other = make_key(tmp_path / "other", kind="ecdsa")
    allowed = knowing(server, tmp_path, f"{server.name} {public(other)}")
    error = refusal(server, replace(allowed, accept_new_into=tmp_path / "record"))
    assert "has changed" in error.message


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_the_server_is_asked_for_a_key_that_we_know(
    sshd: Callable[..., Server], tmp_path: Path, kind: str
) -> None:
    """A server with several keys is known by any one of them."""
    known, unknown = make_key(tmp_path / "known", kind=kind), make_key(tmp_path / "unknown")
    server = sshd(f"HostKey {unknown}", f"HostKey {known}")
    assert ask(server, knowing(server, tmp_path, f"{server.name} {public(known)}")).stdout


def test_a_new_server_is_recorded_and_known_from_then_on(server: Server, tmp_path: Path) -> None:
    """The key is added once, after what is there, in a file that only its owner reads."""
    record = tmp_path / "new" / "record"
    allowed = replace(knowing(server, tmp_path), accept_new_into=record)
    assert ask(server, allowed).stdout == b"in\n"
    assert record.read_text() == f"{server.name} {public(server.host_key)}\n"
    assert record.stat().st_mode & 0o777 == 0o600
    assert ask(server, allowed).stdout == b"in\n"
    assert len(record.read_text().splitlines()) == 1
    assert ask(server, access(record, server.client_key)).stdout == b"in\n"


def test_a_record_without_a_last_line_feed_is_kept_whole(server: Server, tmp_path: Path) -> None:
    """The line that was there last stays a line of its own."""
    allowed = knowing(server, tmp_path)
    record = allowed.known_hosts[0]
    record.write_text("# last line")
    ask(server, replace(allowed, accept_new_into=record))
    assert record.read_text().splitlines()[0] == "# last line"


def test_a_key_recorded_earlier_is_held_against_the_server(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """What was accepted once is trusted no further than any known key."""
    server = sshd()
    record = tmp_path / "record"
    record.write_text(f"{server.name} {public(make_key(tmp_path / 'other'))}\n")
    error = refusal(server, replace(knowing(server, tmp_path), accept_new_into=record))
    assert "has changed" in error.message


def test_many_threads_record_a_key_once(server: Server, tmp_path: Path) -> None:
    """A server that is asked by several threads at once is recorded once."""
    record = tmp_path / "record"
    allowed = replace(knowing(server, tmp_path), accept_new_into=record)
    with closing(open_asker(allowed)) as asker, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(asker.ask, server.target, "echo in", Limits()) for _ in range(8)]
        assert {job.result().stdout for job in jobs} == {b"in\n"}
    assert len(record.read_text().splitlines()) == 1


@pytest.mark.parametrize("accept_new", [False, True])
def test_a_revoked_key_is_refused(server: Server, tmp_path: Path, *, accept_new: bool) -> None:
    """A revoked key opens nothing, though another line trusts it."""
    revoked = f"@revoked * {public(server.host_key)}"
    allowed = knowing(server, tmp_path, server.known_line, revoked)
    record = tmp_path / "record" if accept_new else None
    error = refusal(server, replace(allowed, accept_new_into=record))
    assert "is revoked" in error.message
    assert not (tmp_path / "record").exists()


def test_a_certificate_authority_trusts_no_plain_key(server: Server, tmp_path: Path) -> None:
    """The line of an authority is no line of a server."""
    authority = f"@cert-authority * {public(server.host_key)}"
    assert "is not known" in refusal(server, knowing(server, tmp_path, authority)).message


def test_a_revocation_that_cannot_be_read_stops_the_run(server: Server, tmp_path: Path) -> None:
    """A damaged revocation is not passed over, for the key might be trusted."""
    with pytest.raises(BadInputError) as caught:
        ask(server, knowing(server, tmp_path, server.known_line, "@revoked * ssh-ed25519 AAAA"))
    assert str(caught.value).startswith(f"{tmp_path / 'known_hosts'}:3: ")


def test_known_hosts_that_cannot_be_read_stop_the_run(server: Server, tmp_path: Path) -> None:
    """A folder in place of the file is named, not taken for an empty file."""
    with pytest.raises(BadInputError) as caught:
        ask(server, access(tmp_path, server.client_key))
    assert str(tmp_path) in str(caught.value)


def test_a_key_that_cannot_be_recorded_is_not_accepted(server: Server, tmp_path: Path) -> None:
    """Without a record the next run could not tell a change."""
    blocked = tmp_path / "file"
    blocked.touch()
    allowed = replace(knowing(server, tmp_path), accept_new_into=blocked / "record")
    with pytest.raises((HostKeyError, BadInputError)):
        ask(server, allowed)
