"""paramiko still has below its public interface what certificates and agents rest on here."""

from __future__ import annotations

import inspect
import socket
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest
from paramiko.agent import AgentKey, AgentSSH
from paramiko.auth_handler import AuthOnlyHandler
from paramiko.message import Message
from paramiko.pkey import PKey, PublicBlob
from paramiko.transport import Transport

from inventory.ssh.below import HeldKey, HostTransport, certificate_of
from inventory.ssh.host_certificate import SUFFIX

KINDS = ("ed25519", "ecdsa", "rsa")


@pytest.fixture(params=KINDS)
def certified(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[bytes, bytes]:
    """Return a key and its certificate, both in SSH's own encoding."""
    for name, kind in (("authority", "ed25519"), ("key", request.param)):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(tmp_path / name)], check=True
        )
    signing = ["ssh-keygen", "-q", "-h", "-I", "x", "-n", "x", "-s", str(tmp_path / "authority")]
    subprocess.run([*signing, str(tmp_path / "key.pub")], check=True)
    plain, certificate = (
        b64decode((tmp_path / name).read_text().split()[1]) for name in ("key.pub", "key-cert.pub")
    )
    return plain, certificate


def test_the_kinds_of_host_keys_asked_for_are_one_property() -> None:
    """Both what is offered and what is agreed on are read from it."""
    assert isinstance(inspect.getattr_static(Transport, "preferred_keys"), property)
    for method in ("_send_kex_init", "_parse_kex_init"):
        assert "self.preferred_keys" in inspect.getsource(getattr(Transport, method))


def test_what_is_wanted_is_all_that_is_asked_for() -> None:
    """No certificate is asked for that was not wanted, and none is put behind."""
    ours, theirs = socket.socketpair()
    transport = HostTransport(ours)
    transport.wanted = (f"ssh-ed25519{SUFFIX}", "ssh-ed25519")
    assert transport.preferred_keys == (f"ssh-ed25519{SUFFIX}", "ssh-ed25519")
    transport.close()
    theirs.close()
    ours.close()


def test_every_kind_of_certificate_is_read_as_a_key() -> None:
    """The table by which a host key is read knows all six."""
    plain = {name for name in Transport._key_info if not name.endswith(SUFFIX)}
    assert {f"{name}{SUFFIX}" for name in plain} <= set(Transport._key_info)


def test_a_host_key_is_proved_before_it_is_shown() -> None:
    """The signature over the exchange is verified with the key out of the certificate."""
    source = inspect.getsource(Transport._verify_key)
    assert "verify_ssh_sig(self.H" in source
    assert source.index("verify_ssh_sig") < source.index("self.host_key = key")


def test_a_certificate_is_kept_whole_beside_its_key(certified: tuple[bytes, bytes]) -> None:
    """What was shown in place of the key is found again, byte for byte."""
    plain, certificate = certified
    kind = Message(certificate).get_text()
    names = {"ssh-rsa-cert-v01@openssh.com": f"rsa-sha2-512{SUFFIX}"}
    key = Transport._key_info[names.get(kind, kind)](Message(certificate))
    assert certificate_of(key) == certificate
    assert key.asbytes() == plain
    bare = Transport._key_info[names.get(kind, kind)](Message(plain))
    assert certificate_of(bare) is None


def test_a_key_is_offered_by_its_public_blob() -> None:
    """Whatever stands there is what the server is shown."""
    source = inspect.getsource(AuthOnlyHandler._get_key_type_and_bits)
    assert 'getattr(key, "public_blob", None)' in source
    assert "public_blob.key_type, public_blob.key_blob" in source
    assert isinstance(inspect.signature(PublicBlob).parameters["type_"], inspect.Parameter)
    assert "public_blob" in inspect.getsource(PKey.load_certificate)


def test_an_agent_is_a_connected_socket() -> None:
    """One that is not the environment's is connected to as the environment's is."""
    assert list(inspect.signature(AgentSSH._connect).parameters) == ["self", "conn"]
    assert list(inspect.signature(AgentSSH._close).parameters) == ["self"]
    assert "self.asbytes()" in inspect.getsource(AgentKey.sign_ssh_data)
    assert issubclass(HeldKey, AgentKey)
