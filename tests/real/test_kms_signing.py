"""A key that AWS's key management service holds signs the ledger, and never leaves it.

The service is moto's, which signs by a real P-256 key. Azure Key Vault was never met: it is on
loopback, and says what its REST reference shows.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest
from azure.core.rest import HttpRequest
from clouds import azure_settings
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from securesystemslib.signer import Signer

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.clouds.azure_access import credential, vault_client
from inventory.errors import BadInputError, RefusedError
from inventory.model.cloud_calls import IN_ALL, Provider, Purpose, Tally
from inventory.model.cloud_settings import AwsSettings, AzureCloud, AzureSettings
from migrate.clouds.declared import declared_for
from migrate.clouds.key_vault import CALLS, VaultKey, vault_address
from migrate.clouds.kms import held_signer
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, Request, forbidden
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


def test_what_signing_asks_is_guarded_and_counted(kms: Any) -> None:
    """As all that is asked of a cloud: two declared calls, and a third is not sent."""
    name, line = made(kms)
    IN_ALL.clear()
    open_signer(f"awskms:{name}", {}, lines={key_id(line): line}).sign(b"text")
    region = kms.meta.region_name
    assert IN_ALL.rows() == ((region, "kms:GetPublicKey", 1), (region, "kms:Sign", 1))
    asked = declared_for(Provider.AWS, Purpose.LEDGER)
    assert {"kms:GetPublicKey", "kms:Sign"} <= {each.name for each in asked}
    with closing(AwsReach(settings=AwsSettings(region=region, regions=(region,)))) as reach:
        client = reach.client("kms", AwsPlace(region=region), asked)
        with pytest.raises(RefusedError, match="kms:ScheduleKeyDeletion"):
            client.schedule_key_deletion(KeyId=name)


def test_a_key_is_asked_where_its_arn_says(kms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In that region, whatever the environment's; whose account it is, is the key's own policy."""
    name, line = made(kms)
    arn = kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"]
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    IN_ALL.clear()
    assert open_signer(f"awskms:{arn}", {}, lines={key_id(line): line}).sign(b"text")
    assert {place for place, _, _ in IN_ALL.rows()} == {kms.meta.region_name}


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackArm]:
    """Return a vault on loopback, which the environment leads to."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


def _holds(vault: LoopbackArm, curve: EllipticCurve | None = None) -> str:
    """Let the vault hold a key; return its public line. Format as documented: Get Key, Sign."""
    private = generate_private_key(curve or SECP256R1())
    numbers = private.public_key().public_numbers()
    kid = f"{vault.url}/keys/decant/78deebed173b48e48f55abf87ed4cf71"
    public = {"kid": kid, "kty": "EC", "crv": "P-256" if curve is None else "P-384"}
    both = {"x": _text(numbers.x), "y": _text(numbers.y)}

    def sign(request: Request) -> Answer:
        asked = json.loads(request.body)
        assert asked["alg"] == "ES256"
        digest = base64.urlsafe_b64decode(asked["value"] + "==")
        der = private.sign(digest, ECDSA(Prehashed(SHA256())))
        first, second = decode_dss_signature(der)
        value = base64.urlsafe_b64encode(first.to_bytes(32) + second.to_bytes(32))
        return Answer(status=200, body={"kid": kid, "value": value.decode().rstrip("=")})

    vault.answers.add("GET", "/keys/decant", {"key": {**public, **both}})
    vault.answers.add("POST", "/keys/decant/78deebed173b48e48f55abf87ed4cf71/sign", sign)
    public_half = private.public_key()
    return public_half.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _text(number: int) -> str:
    size = (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(max(size, 32))).decode().rstrip("=")


def _signer(vault: LoopbackArm, line: str) -> Signer:
    key = VaultKey(address=vault.url, name="decant", settings=azure_settings(vault))
    return held_signer("azurekms:vault/decant", key, {key_id(line): line})


def test_a_key_of_azure_signs(vault: LoopbackArm) -> None:
    """By the version of the key whose public half was told; both requests are counted."""
    line = _holds(vault)
    IN_ALL.clear()
    sealed = open_sealed(
        seal(statement(evidence(), Place(entry=1, previous="0" * 64)), _signer(vault, line))
    )
    verifier(line)(sealed.signature, pre_authentication(sealed.payload))
    assert [(call, count) for _, call, count in IN_ALL.rows()] == [
        ("GET keys", 1),
        ("POST keys/sign", 1),
    ]


def test_a_key_of_azure_that_is_no_p_256_is_named(vault: LoopbackArm) -> None:
    """What could not be verified is not signed with."""
    with pytest.raises(BadInputError, match="it is EC P-384, and no P-256 key"):
        _signer(vault, _holds(vault, SECP384R1()))


def test_a_vault_that_refuses_or_tells_something_else_is_named(vault: LoopbackArm) -> None:
    """When the key is opened, and when it signs."""
    line = _holds(vault)
    vault.misbehave(forbidden())
    with pytest.raises(BadInputError, match="azurekms:vault/decant cannot be asked"):
        _signer(vault, line)
    vault.behave()
    signer = _signer(vault, line)
    for fault in (forbidden(), Fault(garbage=b"<html>"), Fault(answer=Answer(status=200, body={}))):
        vault.misbehave(fault)
        with pytest.raises(BadInputError, match="azurekms:vault/decant does not sign"):
            signer.sign(b"text")


def test_nothing_else_is_sent_to_a_vault(vault: LoopbackArm) -> None:
    """Neither a deletion nor a listing: only what is declared."""
    settings = azure_settings(vault)
    with (
        credential(settings) as who,
        vault_client(vault.url, "s/.default", settings, CALLS, who=who, tally=Tally()) as client,
    ):
        for method, path in (("DELETE", "/keys/decant"), ("POST", "/keys/decant/1/decrypt")):
            with pytest.raises(RefusedError, match="which nothing here declares"):
                client.send_request(HttpRequest(method, f"{vault.url}{path}"))
    assert not [path for method, path in vault.log if "/keys/" in path]


def test_a_vault_goes_by_its_name() -> None:
    """In the cloud that the environment names."""
    assert vault_address("mine", AzureSettings()) == "https://mine.vault.azure.net"
    china = AzureSettings(cloud=AzureCloud.CHINA)
    assert vault_address("mine", china) == "https://mine.vault.azure.cn"
