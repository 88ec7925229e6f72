"""Who may get in gets in; who may not is told why."""

from __future__ import annotations

import getpass
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from openssh import Server, access, make_key, public

from inventory.errors import AccessRefusedError, BadInputError
from inventory.model.asking import Access, Limits, Reply
from inventory.ssh.asker import open_asker

pytestmark = pytest.mark.sshd

LIMITS = Limits(server_seconds=20)


def ask(server: Server, allowed: Access) -> Reply:
    """Ask the server for a word."""
    with closing(open_asker(allowed)) as asker:
        return asker.ask(server.target, "echo in", LIMITS)


def refusal(server: Server, allowed: Access) -> AccessRefusedError:
    """Ask, and return why we were not let in."""
    with pytest.raises(AccessRefusedError) as caught:
        ask(server, allowed)
    assert caught.value.hint
    return caught.value


@pytest.fixture
def known(server: Server, tmp_path: Path) -> Path:
    """Return a known_hosts file that knows the healthy server."""
    file = tmp_path / "known_hosts"
    file.write_text(server.known_line)
    return file


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Run an ssh-agent; return what puts a key into it."""
    said = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    settings = dict(re.findall(r"(SSH_\w+)=([^;]+);", said))
    monkeypatch.setenv("SSH_AUTH_SOCK", settings["SSH_AUTH_SOCK"])
    monkeypatch.setenv("HOME", str(tmp_path))

    def add(key: Path) -> None:
        subprocess.run(["ssh-add", "-q", str(key)], check=True)

    yield add
    os.kill(int(settings["SSH_AGENT_PID"]), signal.SIGTERM)


def test_a_key_that_is_not_authorised_is_refused(
    server: Server, known: Path, tmp_path: Path
) -> None:
    """The user is named, so that one sees whose authorized_keys to look at."""
    error = refusal(server, access(known, make_key(tmp_path / "stranger")))
    assert error.message == f"it refused the key offered for user {getpass.getuser()!r}"


def test_the_second_key_gets_in(server: Server, known: Path, tmp_path: Path) -> None:
    """Keys are offered in turn until one is accepted."""
    stranger = make_key(tmp_path / "stranger")
    assert ask(server, access(known, stranger, server.client_key)).stdout == b"in\n"


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_types_of_keys_get_in(sshd: Callable[..., Server], tmp_path: Path, kind: str) -> None:
    """RSA (with SHA-2) and ECDSA keys are as good as Ed25519."""
    key = make_key(tmp_path / "key", kind=kind)
    authorized = tmp_path / "authorized"
    authorized.write_text(public(key))
    server = sshd(f"AuthorizedKeysFile {authorized}")
    assert ask(server, replace(server.access(tmp_path / "known"), identities=(key,))).stdout


def test_the_user_of_the_target_is_the_one_who_logs_in(server: Server, known: Path) -> None:
    """A user that the target names is not replaced by our own."""
    target = replace(server.target, user="nobody-of-that-name")
    with (
        closing(open_asker(access(known, server.client_key))) as asker,
        pytest.raises(AccessRefusedError, match="'nobody-of-that-name'"),
    ):
        asker.ask(target, "true", LIMITS)


def test_a_server_that_wants_a_password_is_said_to(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """Where keys are not accepted at all, the message says what is."""
    server = sshd("PasswordAuthentication yes", "PubkeyAuthentication no")
    error = refusal(server, server.access(tmp_path / "known"))
    assert "it wants password, not a key," in error.message


def test_a_server_that_wants_two_factors_is_said_to(
    sshd: Callable[..., Server], tmp_path: Path
) -> None:
    """A key that is accepted but does not suffice is told from one that is refused."""
    server = sshd("PasswordAuthentication yes", "AuthenticationMethods publickey,password")
    error = refusal(server, server.access(tmp_path / "known"))
    assert "it wants password besides the key" in error.message


def test_too_many_keys_are_said_to_be_too_many(sshd: Callable[..., Server], tmp_path: Path) -> None:
    """A server that hangs up after so many keys (MaxAuthTries) is not called dead."""
    server = sshd("MaxAuthTries 2")
    strangers = [make_key(tmp_path / f"stranger-{number}") for number in range(4)]
    allowed = server.access(tmp_path / "known")
    error = refusal(server, replace(allowed, identities=(*strangers, server.client_key)))
    assert "of 5 keys" in error.message
    assert "MaxAuthTries" in str(error.hint)


def test_without_a_key_the_server_says_what_it_accepts(
    server: Server, known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Having nothing to offer is said as that."""
    monkeypatch.setenv("HOME", str(tmp_path))
    error = refusal(server, access(known))
    assert "there is no private key to offer" in error.message
    assert "it accepts publickey" in error.message


def test_the_usual_key_is_found_and_unusable_ones_are_passed_over(
    server: Server, known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name, the keys of ~/.ssh are offered; one that is no key stops nothing."""
    folder = tmp_path / ".ssh"
    folder.mkdir()
    (folder / "id_rsa").write_text("not a key")
    (folder / "id_ed25519").write_bytes(server.client_key.read_bytes())
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ask(server, access(known)).stdout == b"in\n"


def test_keys_that_were_passed_over_are_named_in_the_refusal(
    server: Server, known: Path, tmp_path: Path
) -> None:
    """A key that ssh_config names and that is locked stops nothing, but is not kept quiet."""
    key = make_key(tmp_path / "locked", passphrase=tmp_path.name)
    config = tmp_path / "config"
    config.write_text(f"IdentityFile {key}\n")
    error = refusal(server, access(known, ssh_config=(config,)))
    assert "there is no private key to offer" in error.message
    assert f"passed over: {key}: the private key is locked by a passphrase" in str(error.hint)


def test_a_key_in_the_agent_gets_in(
    server: Server, known: Path, agent: Callable[[Path], None]
) -> None:
    """The agent's keys are offered, from many threads at once."""
    agent(server.client_key)
    allowed = access(known, use_agent=True)
    with closing(open_asker(allowed)) as asker, ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(asker.ask, server.target, "echo in", LIMITS) for _ in range(8)]
        assert {job.result().stdout for job in jobs} == {b"in\n"}


def test_the_agent_is_left_alone_when_it_may_not_be_used(
    server: Server, known: Path, agent: Callable[[Path], None]
) -> None:
    """A run that was told not to use the agent does not."""
    agent(server.client_key)
    assert "no private key" in refusal(server, access(known, use_agent=False)).message


def test_an_agent_that_is_gone_is_no_agent(
    server: Server, known: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dangling SSH_AUTH_SOCK does not keep a named key from being used."""
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "gone"))
    assert ask(server, access(known, server.client_key, use_agent=True)).stdout == b"in\n"


def test_a_locked_key_is_named_before_anything_is_asked(known: Path, tmp_path: Path) -> None:
    """A passphrase cannot be given; the message names the file and the remedy."""
    key = make_key(tmp_path / "locked", passphrase=tmp_path.name)
    with pytest.raises(BadInputError, match="locked by a passphrase") as caught:
        open_asker(access(known, key))
    assert str(caught.value).startswith(str(key))
    assert "ssh-add" in str(caught.value.hint)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_locked_key_in_the_old_format_is_named_too(
    known: Path, tmp_path: Path, kind: str
) -> None:
    """PEM keys lock in another way, and are recognised all the same."""
    key = tmp_path / "locked"
    subprocess.run(
        ["ssh-keygen", "-q", "-m", "PEM", "-t", kind, "-N", "a passphrase", "-f", str(key)],
        check=True,
    )
    with pytest.raises(BadInputError, match="locked by a passphrase"):
        open_asker(access(known, key))


def test_what_is_no_key_is_named(known: Path, tmp_path: Path) -> None:
    """A file that holds something else is said to be no private key."""
    file = tmp_path / "id.pub"
    file.write_text("ssh-ed25519 AAAA nobody\n")
    with pytest.raises(BadInputError, match="no private key") as caught:
        open_asker(access(known, file))
    assert str(file) in str(caught.value)


def test_a_key_that_is_not_there_is_named(known: Path, tmp_path: Path) -> None:
    """A missing file is an error, for it was named."""
    with pytest.raises(BadInputError, match="No such file") as caught:
        open_asker(access(known, tmp_path / "missing"))
    assert "missing" in str(caught.value)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    """What holds the keys does not write them when it is printed."""
    key = make_key(tmp_path / "id")
    with closing(open_asker(access(tmp_path / "none", key))) as asker:
        body = "".join(key.read_text().splitlines()[1:-1])
        assert body[40:80] not in repr(vars(asker))
