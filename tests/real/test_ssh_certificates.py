"""Certificates prove servers to us, and us to servers, as OpenSSH has them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from openssh import Server, access, fingerprint, make_key, public, sign

from inventory.errors import AccessRefusedError, HostKeyError
from inventory.model.asking import Access, Limits, Reply
from inventory.ssh.asker import open_asker

pytestmark = pytest.mark.sshd

LIMITS = Limits(server_seconds=20)
NAMED = ("-h", "-n", "127.0.0.1")


def ask(server: Server, allowed: Access) -> Reply:
    """Ask the server for a word."""
    with closing(open_asker(allowed)) as asker:
        return asker.ask(server.target, "echo in", LIMITS)


class Certified:
    """A server that shows a certificate, and what is known of its authority."""

    def __init__(self, sshd: Callable[..., Server], folder: Path) -> None:
        self._sshd = sshd
        self._folder = folder
        self.authority = folder / "authority"

    def server(
        self, *options: str, kind: str = "ed25519", authority: str = "ed25519", more: str = ""
    ) -> Server:
        """Start a server whose key is signed by the authority with these options."""
        make_key(self.authority, kind=authority)
        key = make_key(self._folder / "certified", kind=kind)
        certificate = sign(key, self.authority, *options)
        lines = [f"HostKey {key}", f"HostCertificate {certificate}"]
        return self._sshd(*lines, *([more] if more else []))

    def knowing(self, server: Server, *lines: str, names: str = "127.0.0.*") -> Access:
        """Return an access that trusts the authority for these names, by known_hosts."""
        known = self._folder / "known_hosts"
        trusted = f"@cert-authority {names} {public(self.authority)}"
        known.write_text("".join(f"{line}\n" for line in (trusted, *lines)))
        return access(known, server.client_key)

    def refusal(self, server: Server, *lines: str, names: str = "127.0.0.*") -> str:
        """Ask, though new servers are accepted, and return why it was not trusted."""
        record = self._folder / "record"
        allowed = replace(self.knowing(server, *lines, names=names), accept_new_into=record)
        with pytest.raises(HostKeyError) as caught:
            ask(server, allowed)
        assert caught.value.hint
        assert not record.exists()
        return caught.value.message


@pytest.fixture
def certified(sshd: Callable[..., Server], tmp_path: Path) -> Certified:
    """Return what makes a server with a certificate."""
    return Certified(sshd, tmp_path)


@pytest.mark.parametrize("authority", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_certificate_by_a_trusted_authority_proves_a_server(
    certified: Certified, kind: str, authority: str
) -> None:
    """Every type of key, signed by every type, is proof; the key itself need not be known."""
    server = certified.server(*NAMED, kind=kind, authority=authority)
    assert ask(server, certified.knowing(server)).stdout == b"in\n"


def test_names_in_a_certificate_may_be_patterns(certified: Certified) -> None:
    """As in OpenSSH, a principal of a server's certificate may hold wildcards."""
    server = certified.server("-h", "-n", "other.example,127.0.*")
    assert ask(server, certified.knowing(server)).stdout == b"in\n"


@pytest.mark.parametrize("names", ["*", "[127.0.0.1]:*", "other,127.0.0.1"])
def test_an_authority_is_trusted_for_the_servers_it_is_written_for(
    certified: Certified, names: str
) -> None:
    """With the port or without it, since a certificate names the server alone."""
    server = certified.server(*NAMED)
    assert ask(server, certified.knowing(server, names=names)).stdout == b"in\n"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("-h", "-n", "db-1"), "it is for db-1, not for 127.0.0.1"),
        (("-h",), "it is for no name at all"),
        ((*NAMED, "-V", "20200101:20200201"), "it has expired"),
        ((*NAMED, "-V", "20900101:20900201"), "it is not valid yet"),
        ((*NAMED, "-O", "critical:x@example=1"), "it holds critical options"),
        (("-n", "127.0.0.1"), "it is no certificate of a server"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(
    certified: Certified, options: tuple[str, ...], why: str
) -> None:
    """Why is said, and accepting new servers does not help: an authority speaks for this one."""
    server = certified.server(*options)
    message = certified.refusal(server)
    assert "the certificate 'test' of" in message
    assert why in message


def test_a_signature_with_sha_1_is_refused(certified: Certified) -> None:
    """ssh-rsa, which OpenSSH itself no longer trusts, is broken."""
    server = certified.server(*NAMED, "-t", "ssh-rsa", authority="rsa")
    assert "signed with ssh-rsa, which is broken" in certified.refusal(server)


def test_a_known_key_needs_no_certificate(certified: Certified, tmp_path: Path) -> None:
    """A key that is known by itself stays trusted when its certificate has expired."""
    server = certified.server(*NAMED, "-V", "20200101:20200201")
    line = f"{server.name} {public(tmp_path / 'certified')}"
    assert ask(server, certified.knowing(server, line)).stdout == b"in\n"


def test_another_authority_proves_nothing(certified: Certified, tmp_path: Path) -> None:
    """A certificate by somebody else is worth no more than its plain key."""
    server = certified.server(*NAMED)
    certified.authority = make_key(tmp_path / "another")
    with pytest.raises(HostKeyError, match="is not known"):
        ask(server, certified.knowing(server))


def test_an_authority_for_other_servers_proves_nothing(certified: Certified) -> None:
    """A line for other names trusts nothing here."""
    server = certified.server(*NAMED)
    with pytest.raises(HostKeyError, match="is not known"):
        ask(server, certified.knowing(server, names="*.example,!127.0.0.1"))


@pytest.mark.parametrize("what", ["authority", "certified"])
def test_what_is_revoked_proves_nothing(certified: Certified, tmp_path: Path, what: str) -> None:
    """Neither a revoked authority nor a revoked key under a good one is trusted."""
    server = certified.server(*NAMED)
    message = certified.refusal(server, f"@revoked * {public(tmp_path / what)}")
    assert f"{fingerprint(tmp_path / what)} of {server.name} is revoked by" in message


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Run an ssh-agent; return what puts a key, and the certificate beside it, into it."""
    said = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    settings = dict(re.findall(r"(SSH_\w+)=([^;]+);", said))
    monkeypatch.setenv("SSH_AUTH_SOCK", settings["SSH_AUTH_SOCK"])
    monkeypatch.setenv("HOME", str(tmp_path))

    def add(key: Path) -> None:
        subprocess.run(["ssh-add", "-q", str(key)], check=True)

    yield add
    os.kill(int(settings["SSH_AGENT_PID"]), signal.SIGTERM)


@pytest.fixture
def demanding(sshd: Callable[..., Server], tmp_path: Path) -> Callable[[Path], Server]:
    """Return what starts a server that lets nobody in but those whom an authority certifies."""

    def start(authority: Path) -> Server:
        return sshd(f"TrustedUserCAKeys {authority}.pub", f"AuthorizedKeysFile {tmp_path}/nobody")

    return start


@pytest.mark.parametrize("where", ["beside", "CertificateFile", "agent", "agent and file"])
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_certificate_gets_us_in(
    demanding: Callable[[Path], Server],
    agent: Callable[[Path], None],
    tmp_path: Path,
    where: str,
    kind: str,
) -> None:
    """It is found beside its key, where ssh_config says, and in the agent."""
    authority = make_key(tmp_path / "authority")
    server = demanding(authority)
    key = make_key(tmp_path / "me", kind=kind)
    user = os.environ.get("USER") or "root"
    certificate = sign(key, authority, "-n", f"{user},root")
    config = tmp_path / "config"
    config.write_text("")
    if where in {"CertificateFile", "agent and file"}:
        elsewhere = certificate.rename(tmp_path / "elsewhere.pub")
        config.write_text(f"CertificateFile {elsewhere}\n")
    if where.startswith("agent"):
        agent(key)
        key.unlink()
    files = () if where.startswith("agent") else (key,)
    known = tmp_path / "known"
    known.write_text(server.known_line)
    allowed = access(known, *files, ssh_config=(config,), use_agent=where.startswith("agent"))
    assert ask(server, allowed).stdout == b"in\n"


def test_the_plain_key_still_gets_in_when_its_certificate_does_not(
    server: Server, tmp_path: Path
) -> None:
    """A certificate that a server does not know costs one try, not the way in."""
    key = tmp_path / "id"
    key.write_bytes(server.client_key.read_bytes())
    key.chmod(0o600)
    Path(f"{key}.pub").write_text(public(server.client_key))
    sign(key, make_key(tmp_path / "authority"), "-n", "root")
    allowed = replace(server.access(tmp_path / "known"), identities=(key,))
    assert ask(server, allowed).stdout == b"in\n"


def test_identities_only_keeps_the_agents_other_keys_back(
    sshd: Callable[..., Server], agent: Callable[[Path], None], tmp_path: Path
) -> None:
    """With MaxAuthTries 1 the right key alone is offered, though the agent has many."""
    server = sshd("MaxAuthTries 1")
    for number in range(3):
        agent(make_key(tmp_path / f"stranger-{number}"))
    agent(server.client_key)
    known = tmp_path / "known"
    known.write_text(server.known_line)
    config = tmp_path / "config"
    config.write_text("")
    plain = access(known, use_agent=True, ssh_config=(config,))
    with pytest.raises(AccessRefusedError, match="after 1 of 4 keys") as caught:
        ask(server, plain)
    assert "IdentitiesOnly yes" in str(caught.value.hint)
    config.write_text(f"IdentityFile {server.client_key}.pub\nIdentitiesOnly yes\n")
    assert ask(server, plain).stdout == b"in\n"
