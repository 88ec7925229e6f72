"""Keys sign where they are: in ssh-agent, locked files, the environment; no error holds a key."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from inventory.errors import BadInputError, DecantError, UsageError
from inventory.estate import Person
from inventory.secret import Reference
from migrate.ledger.keys import key_id
from migrate.ledger.signers import open_signer, own_signer
from migrate.ledger.statements import Place, check_sealed, open_sealed, seal, statement
from tests.stages.ledgers import evidence

agents = pytest.mark.skipif(
    shutil.which("ssh-agent") is None or shutil.which("ssh-keygen") is None,
    reason="ssh-agent is not installed: apt-get install openssh-client",
)


def keygen(path: Path, *options: str) -> str:
    """Make a key by ssh-keygen; return the line of its public half."""
    made = ["ssh-keygen", "-q", "-f", str(path), "-C", "a comment", *options]
    subprocess.run(made, check=True, stdin=subprocess.DEVNULL)
    return path.with_name(f"{path.name}.pub").read_text().strip()


def signs(signer: object, line: str) -> bool:
    """Tell whether what a signer signs is verified by a line."""
    envelope = seal(statement(evidence(), Place(entry=1, previous="0" * 64)), signer)  # type: ignore[arg-type]
    sealed = open_sealed(envelope)
    check_sealed(sealed, line)
    return sealed.key == key_id(line)


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Run an ssh-agent; return what puts a key into it."""
    said = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"(SSH_\w+)=([^;]+);", said))
    monkeypatch.setenv("SSH_AUTH_SOCK", found["SSH_AUTH_SOCK"])

    def add(path: Path) -> None:
        subprocess.run(["ssh-add", "-q", str(path)], check=True, capture_output=True)

    yield add
    subprocess.run(
        ["ssh-agent", "-k"], check=True, capture_output=True, env={**os.environ, **found}
    )


@agents
def test_a_real_agent_signs(agent: Callable[[Path], None], tmp_path: Path) -> None:
    """Named by its fingerprint; the private key's file can be gone."""
    line = keygen(tmp_path / "key", "-t", "ed25519", "-N", "")
    agent(tmp_path / "key")
    (tmp_path / "key").unlink()
    where = f"agent:{key_id(line)}"
    assert signs(open_signer(where, os.environ, lines={key_id(line): line}), line)


@agents
def test_a_persons_own_key_is_found_in_the_agent(
    agent: Callable[[Path], None], tmp_path: Path
) -> None:
    """Among others, by their public key in decant.toml; nothing has to be named."""
    other = keygen(tmp_path / "other", "-t", "ed25519", "-N", "")
    line = keygen(tmp_path / "mine", "-t", "ed25519", "-N", "")
    agent(tmp_path / "other")
    agent(tmp_path / "mine")
    ann = Person(name="Ann", partner="SBC", key=line)
    environment = {"SSH_AUTH_SOCK": os.environ["SSH_AUTH_SOCK"]}
    assert signs(own_signer(ann, environment), line)
    assert key_id(other) != key_id(line)


@agents
def test_an_agent_without_the_key_says_so(agent: Callable[[Path], None], tmp_path: Path) -> None:
    """And one that is gone, and a key that nobody trusts."""
    line = keygen(tmp_path / "key", "-t", "ed25519", "-N", "")
    lines = {key_id(line): line}
    with pytest.raises(BadInputError, match="the agent does not hold SHA256:"):
        open_signer(f"agent:{key_id(line)}", os.environ, lines=lines)
    agent(tmp_path / "key")
    with pytest.raises(UsageError, match=r"one that decant\.toml trusts"):
        open_signer(f"agent:{key_id(line)}", os.environ, lines={})


@agents
def test_a_key_that_is_taken_from_the_agent_does_not_sign(
    agent: Callable[[Path], None], tmp_path: Path
) -> None:
    """Nothing is signed, and the error says what to look at."""
    line = keygen(tmp_path / "key", "-t", "ed25519", "-N", "")
    agent(tmp_path / "key")
    signer = open_signer(f"agent:{key_id(line)}", os.environ, lines={key_id(line): line})
    subprocess.run(["ssh-add", "-q", "-D"], check=True, capture_output=True)
    with pytest.raises(BadInputError, match=r"the agent does not hold SHA256:.* any more"):
        signs(signer, line)


@agents
def test_an_agents_key_of_another_kind_is_refused(
    agent: Callable[[Path], None], tmp_path: Path
) -> None:
    """The agent signs by ed25519 alone."""
    line = keygen(tmp_path / "key", "-t", "ecdsa", "-b", "256", "-N", "")
    agent(tmp_path / "key")
    signer = open_signer(f"agent:{key_id(line)}", os.environ, lines={key_id(line): line})
    with pytest.raises(BadInputError, match="the agent signs with ecdsa"):
        signs(signer, line)


@agents
def test_a_locked_key_is_opened_by_a_passphrase_that_is_named(tmp_path: Path) -> None:
    """The passphrase is in the environment or a file; without it the key is said to be locked."""
    line = keygen(tmp_path / "key", "-t", "ed25519", "-N", "secret words")
    where, lines = f"file:{tmp_path / 'key'}", {key_id(line): line}
    named = Reference.parse("env:WORDS")
    assert signs(open_signer(where, {"WORDS": "secret words"}, passphrase=named, lines=lines), line)
    with pytest.raises(BadInputError, match="is locked"):
        open_signer(where, {}, lines=lines)
    with pytest.raises(BadInputError) as wrong:
        open_signer(where, {"WORDS": "other words"}, passphrase=named, lines=lines)
    assert "words" not in told(wrong.value).replace("env:WORDS", "")


def told(error: DecantError) -> str:
    """Return all that a user reads of an error."""
    return f"{error} {error.hint}"


def pem(private: object, phrase: str = "") -> str:
    """Write a private key as openssl does."""
    lock = BestAvailableEncryption(phrase.encode()) if phrase else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()  # type: ignore[attr-defined]


def line_of(private: object) -> str:
    """Return the line of a private key's public half."""
    public = private.public_key()  # type: ignore[attr-defined]
    return str(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())


@pytest.mark.parametrize(
    "private",
    [Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())],
    ids=["ed25519", "P-256"],
)
@pytest.mark.parametrize("phrase", ["", "secret words"], ids=["open", "locked"])
def test_a_key_in_the_environment_signs(private: object, phrase: str) -> None:
    """As PEM, open or locked, ed25519 or P-256."""
    line = line_of(private)
    environment = {"KEY": pem(private, phrase), "WORDS": phrase}
    named = Reference.parse("env:WORDS") if phrase else None
    signer = open_signer("env:KEY", environment, passphrase=named, lines={key_id(line): line})
    assert signs(signer, line)


def test_a_key_that_is_not_trusted_shows_the_line_to_add() -> None:
    """Its public half, ready to be pasted; of the private one nothing."""
    private = Ed25519PrivateKey.generate()
    with pytest.raises(BadInputError, match=r"is not one that decant\.toml trusts") as refusal:
        open_signer("env:KEY", {"KEY": pem(private)}, lines={})
    assert line_of(private) in told(refusal.value)
    assert pem(private).splitlines()[1] not in told(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "not a key at all: hunter2hunter2",
        "-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2hunter2\n-----END OPENSSH PRIVATE KEY-----",
    ],
)
def test_what_is_no_key_is_not_repeated(text: str) -> None:
    """What stands there may be a secret all the same."""
    with pytest.raises(BadInputError) as refusal:
        open_signer("env:KEY", {"KEY": text}, lines={})
    assert "hunter2" not in told(refusal.value)
    assert "env:KEY" in told(refusal.value)


def test_a_key_of_a_kind_that_nobody_verifies_is_refused() -> None:
    """RSA is none of the two kinds."""
    private = rsa.generate_private_key(65537, 2048)
    line = line_of(private)
    with pytest.raises(BadInputError):
        open_signer("env:KEY", {"KEY": pem(private)}, lines={key_id(line): line})


def test_nobodys_key_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No agent, nothing named, nothing in ~/.ssh: the error says what to do."""
    monkeypatch.setenv("HOME", str(tmp_path))
    ann = Person(name="Ann", partner="SBC", key=line_of(Ed25519PrivateKey.generate()))
    with pytest.raises(BadInputError, match="the private key of Ann is not here"):
        own_signer(ann, {})
