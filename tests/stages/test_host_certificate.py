"""A host certificate proves a server, or says why not, whatever its bytes are."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.ssh.host_certificate import read_certificate

NOW = datetime.now(UTC)


@pytest.fixture(scope="module", params=["ed25519", "ecdsa", "rsa"])
def certificate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a certificate of web-1, as ssh-keygen makes it."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed: apt-get install openssh-client")
    folder: Path = tmp_path_factory.mktemp("certificate")
    for name in ("authority", "key"):
        path = str(folder / name)
        subprocess.run(["ssh-keygen", "-q", "-t", request.param, "-N", "", "-f", path], check=True)
    signing = ["ssh-keygen", "-q", "-h", "-I", "web", "-n", "web-1,*.example"]
    subprocess.run([*signing, "-s", folder / "authority", folder / "key.pub"], check=True)
    return b64decode((folder / "key-cert.pub").read_text().split()[1])


def test_what_it_says_is_read(certificate: bytes) -> None:
    """Its name, its servers and who signed it."""
    read = read_certificate(certificate)
    assert (read.key_id, read.principals) == ("web", ("web-1", "*.example"))
    assert read.fault("web-1", NOW) is None
    assert read.fault("A.example", NOW) is None
    assert read.fault("web-2", NOW) == "it is for web-1, *.example, not for web-2"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_one_changed_byte_proves_nothing(certificate: bytes, data: st.DataObject) -> None:
    """Whichever it is: the signature covers all of it, and itself is no other."""
    place = data.draw(st.integers(0, len(certificate) - 1))
    other = data.draw(st.integers(1, 255))
    changed = bytearray(certificate)
    changed[place] ^= other
    try:
        read = read_certificate(bytes(changed))
    except ValueError:
        return
    assert read.fault("web-1", NOW) is not None


@given(st.binary(max_size=400))
def test_what_is_no_certificate_is_said_to_be_none(data: bytes) -> None:
    """Any bytes end in a ValueError, never in another."""
    with pytest.raises(ValueError, match=r"certificate"):
        read_certificate(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_certificate_that_was_cut_is_none(certificate: bytes, data: st.DataObject) -> None:
    """Wherever it was cut."""
    size = data.draw(st.integers(0, len(certificate) - 1))
    with pytest.raises(ValueError, match=r"cut off|not a certificate"):
        read_certificate(certificate[:size])
