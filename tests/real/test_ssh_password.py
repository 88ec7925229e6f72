"""A password is given where it is wanted, and nowhere else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import accounts
import pytest
from accounts import Account, make_account
from openssh import Server, make_key, sign

from inventory.errors import AccessRefusedError, BadInputError, DecantError
from inventory.model.asking import Access, Limits, Reply
from inventory.model.target import Target
from inventory.secret import Reference
from inventory.ssh.asker import open_asker

pytestmark = [pytest.mark.sshd, pytest.mark.namespaces]

LIMITS = Limits(server_seconds=20)
WORD = "correct horse"
BY_PASSWORD = ("PasswordAuthentication yes", "PubkeyAuthentication no")
INTERACTIVE = (
    *("KbdInteractiveAuthentication yes", "PasswordAuthentication no", "UsePAM yes"),
    "PubkeyAuthentication no",
)


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Make an account that has the password."""
    if why := accounts.missing():
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="decant-test-"))
    pam = (
        "auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n"
    )
    yield make_account(folder, password=WORD, covered={"/etc/pam.d/sshd": pam})
    shutil.rmtree(folder)


@pytest.fixture
def start(sshd: Callable[..., Server], account: Account) -> Callable[..., Server]:
    """Return what starts a server where the account is."""
    return lambda *options: sshd(*options, within=account.within)


@pytest.fixture
def word(tmp_path: Path) -> Reference:
    """Keep the password in a file; return where."""
    file = tmp_path / "word"
    file.touch(0o600)
    file.write_text(f"{WORD}\n")
    return Reference.parse(f"file:{file}")


def target(server: Server) -> Target:
    """Return the server, asked as the account."""
    return replace(server.target, user=accounts.NAME)


def ask(server: Server, allowed: Access) -> Reply:
    """Ask who is let in."""
    with closing(open_asker(allowed)) as asker:
        return asker.ask(target(server), "id -un", LIMITS)


def refusal(server: Server, allowed: Access) -> DecantError:
    """Ask, and return why we were not let in; the password is not in the words."""
    with pytest.raises(AccessRefusedError) as caught:
        ask(server, allowed)
    assert caught.value.hint
    assert WORD not in f"{caught.value} {caught.value.hint}"
    return caught.value


def test_a_password_gets_in(start: Callable[..., Server], tmp_path: Path, word: Reference) -> None:
    """After the keys, where the server takes one."""
    server = start("PasswordAuthentication yes")
    allowed = replace(server.access(tmp_path / "known"), password=word)
    assert ask(server, allowed).stdout == b"asker\n"


def test_a_password_gets_in_at_the_keyboard(
    start: Callable[..., Server], tmp_path: Path, word: Reference
) -> None:
    """PAM asks for it in a conversation; it is answered once."""
    server = start(*INTERACTIVE)
    allowed = replace(server.access(tmp_path / "known"), password=word)
    assert ask(server, allowed).stdout == b"asker\n"


@pytest.mark.parametrize("options", [BY_PASSWORD, INTERACTIVE], ids=["password", "keyboard"])
def test_a_wrong_password_is_said_to_be_refused(
    start: Callable[..., Server], tmp_path: Path, options: tuple[str, ...]
) -> None:
    """It is told from a refused key, and is not shown."""
    file = tmp_path / "wrong"
    file.touch(0o600)
    file.write_text("wrong word")
    server = start(*options)
    allowed = replace(server.access(tmp_path / "known"), password=Reference.parse(f"file:{file}"))
    error = refusal(server, allowed)
    assert error.message == "it refused the password of user 'asker'"
    assert "wrong word" not in str(error.hint)


@pytest.mark.parametrize("order", ["publickey,password", "password,publickey"])
def test_two_factors_get_in_when_both_are_there(
    start: Callable[..., Server], tmp_path: Path, word: Reference, order: str
) -> None:
    """A key and a password, in either order; with the key alone both are named."""
    authority = make_key(tmp_path / "authority")
    server = start(
        f"TrustedUserCAKeys {authority}.pub",
        "PasswordAuthentication yes",
        f"AuthenticationMethods {order}",
    )
    key = make_key(tmp_path / "me")
    sign(key, authority, "-n", accounts.NAME)
    alone = replace(server.access(tmp_path / "known"), identities=(key,))
    assert "it wants password" in refusal(server, alone).message
    assert ask(server, replace(alone, password=word)).stdout == b"asker\n"
    stranger = replace(alone, identities=(make_key(tmp_path / "stranger"),), password=word)
    refusal(server, stranger)


def test_no_password_goes_to_a_server_that_is_new(
    start: Callable[..., Server], tmp_path: Path, word: Reference
) -> None:
    """First its key is looked at; once it was recorded, the next run gives the password."""
    server = start(*BY_PASSWORD)
    known, record = tmp_path / "known", tmp_path / "record"
    allowed = replace(server.access(known), password=word, accept_new_into=record)
    known.write_text("")
    error = refusal(server, allowed)
    assert "the password is not given to a server that was first seen in this run" in error.message
    assert record.exists()
    assert ask(server, allowed).stdout == b"asker\n"


def test_no_password_goes_to_a_jump_host(
    start: Callable[..., Server], tmp_path: Path, word: Reference
) -> None:
    """Its words say so; a key gets us in there."""
    jump, inner = start(*BY_PASSWORD), start(*BY_PASSWORD)
    config = tmp_path / "config"
    config.write_text(
        f"User {accounts.NAME}\nMatch originalhost inner\n HostName {inner.host}\n"
        f" Port {inner.port}\n ProxyJump {jump.host}:{jump.port}\n"
    )
    allowed = replace(jump.access(tmp_path / "known"), password=word, ssh_config=(config,))
    (tmp_path / "known").write_text(jump.known_line + inner.known_line)
    with closing(open_asker(allowed)) as asker, pytest.raises(AccessRefusedError) as caught:
        asker.ask(Target.parse("inner"), "true", LIMITS)
    assert str(caught.value).startswith(f"jump host {jump.host}:{jump.port}: ")
    assert "a jump host is given no password" in str(caught.value)


def test_a_password_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    """Before anything is asked; a file that others can read is refused as well."""
    for reference in (f"file:{tmp_path}/none", "env:NO_SUCH_VARIABLE_HERE"):
        with pytest.raises(BadInputError):
            open_asker(Access(ssh_config=(), password=Reference.parse(reference)))


def test_a_locked_key_is_opened_by_its_passphrase(
    sshd: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference opens it in memory; a wrong one is said to be wrong, and the file named."""
    phrase = "open sesame"
    key = make_key(tmp_path / "locked", passphrase=phrase)
    authorized = tmp_path / "authorized"
    authorized.write_bytes(Path(f"{key}.pub").read_bytes())
    server = sshd(f"AuthorizedKeysFile {authorized}")
    allowed = replace(server.access(tmp_path / "known"), identities=(key,))
    monkeypatch.setenv("PHRASE", phrase)
    opened = replace(allowed, passphrase=Reference.parse("env:PHRASE"))
    with closing(open_asker(opened)) as asker:
        assert asker.ask(server.target, "echo in", LIMITS).stdout == b"in\n"
    monkeypatch.setenv("PHRASE", "open barley")
    with pytest.raises(BadInputError, match="the passphrase does not open") as caught:
        open_asker(opened)
    assert str(caught.value).startswith(str(key))
    assert "barley" not in f"{caught.value} {caught.value.hint}"
