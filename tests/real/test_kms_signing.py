"""A key that AWS's key management service holds signs the ledger, and never leaves it.

The service is moto's, which signs by a real P-256 key. Azure Key Vault was never met: there is no
emulator of it here, and its package is not installed with the tests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from inventory.errors import BadInputError, MissingExtraError
from migrate.demo.moto import loopback_aws
from migrate.ledger.keys import key_id, verifier
from migrate.ledger.signers import open_signer
from migrate.ledger.statements import (
    Place,
    open_sealed,
    pre_authentication,
    seal,
    statement,
)
from tests.stages.ledgers import evidence

pytestmark = pytest.mark.moto


@pytest.fixture(scope="module")
def service() -> Iterator[dict[str, str]]:
    """Run an AWS; return the environment that leads to it."""
    with loopback_aws() as running:
        yield running.environment()


@pytest.fixture
def kms(service: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return a client of its key management service."""
    for name, value in service.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    return boto3.client("kms")


def made(kms: Any, spec: str = "ECC_NIST_P256") -> tuple[str, str]:
    """Make a key; return its id and the line of its public half."""
    name = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec=spec)["KeyMetadata"]["KeyId"]
    public = load_der_public_key(kms.get_public_key(KeyId=name)["PublicKey"])
    line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return name, line


def test_a_key_of_aws_signs(kms: Any) -> None:
    """The digest of what DSSE asks to be signed, by the service's own private key.

    AWS signs the digest that it is given (MessageType DIGEST). Moto does not know that, and digests
    it once more; so its signature is verified over the digest.
    """
    name, line = made(kms)
    signer = open_signer(f"awskms:{name}", {}, lines={key_id(line): line})
    sealed = open_sealed(seal(statement(evidence(), Place(entry=1, previous="0" * 64)), signer))
    digest = hashlib.sha256(pre_authentication(sealed.payload)).digest()
    verifier(line)(sealed.signature, digest)
    assert sealed.key == key_id(line)


def test_a_key_of_aws_that_is_not_trusted_shows_the_line_to_add(kms: Any) -> None:
    """So that it can be pasted into decant.toml."""
    name, line = made(kms)
    with pytest.raises(BadInputError, match=r"is not one that decant\.toml trusts") as refusal:
        open_signer(f"awskms:{name}", {}, lines={})
    assert line in str(refusal.value.hint)


def test_a_key_that_is_not_there_is_named(kms: Any) -> None:
    """With what AWS says."""
    assert kms
    with pytest.raises(BadInputError, match="awskms:alias/none cannot be asked"):
        open_signer("awskms:alias/none", {}, lines={})


def test_a_key_that_does_not_sign_any_more_is_named(
    kms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the service went away after the key was opened: an error of ours, with a remedy."""
    name, line = made(kms)
    with loopback_aws() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        signer = open_signer(f"awskms:{name}", {}, lines={key_id(line): line})
    with pytest.raises(BadInputError, match=f"awskms:{name} does not sign"):
        signer.sign(b"text")


def test_azure_without_its_package_says_what_to_install() -> None:
    """Its library is an extra; the error names it."""
    with pytest.raises((MissingExtraError, BadInputError), match="azurekms:vault/key"):
        open_signer("azurekms:vault/key", {}, lines={})
