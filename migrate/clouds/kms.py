"""Signing keys in a cloud's key management service: the private key never leaves it.

They are asked by the same guarded and counted clients as all else, with the environment's own
credentials: the estate's profile and roles are for looking and acting, and not for signing.
"""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.errors import BadInputError, DecantError
from inventory.model.cloud_calls import Purpose, aws_call
from inventory.model.cloud_settings import AwsSettings, AzureSettings
from migrate.clouds.key_vault import VaultKey, vault_address
from migrate.ledger.keys import public_key, trusted

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

CALLS: Final = (
    aws_call("kms:GetPublicKey", purpose=Purpose.LEDGER),
    aws_call("kms:Sign", purpose=Purpose.LEDGER),
)


class HeldKey(Protocol):
    """A P-256 key that a service holds."""

    def public(self) -> bytes:
        """Return the public key, as DER."""

    def signed(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest, as DER."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True, kw_only=True)
class AwsKey:
    """A key of AWS KMS."""

    name: str
    """Its id, ARN or alias."""
    reach: AwsReach
    place: AwsPlace

    def public(self) -> bytes:
        """Return the public key, as DER."""
        said: bytes = self._client().get_public_key(KeyId=self.name)["PublicKey"]
        return said

    def signed(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest, as DER."""
        said: bytes = self._client().sign(
            KeyId=self.name,
            Message=digest,
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]
        return said

    def close(self) -> None:
        """Let go of the connection."""
        self.reach.close()

    def _client(self) -> Any:
        return self.reach.client("kms", self.place, CALLS)


def aws_signer(name: str, lines: Mapping[str, str]) -> Signer:
    """Return a signer by an AWS KMS key, named by its id, ARN or alias: a P-256 key.

    It is asked where its ARN says, and else in the environment's region. Whose key it is does not
    matter: its own policy says who may sign by it.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.

    """
    where = f"awskms:{name}"
    return held_signer(where, _aws_key(where, name), lines)


def azure_signer(name: str, lines: Mapping[str, str]) -> Signer:
    """Return a signer by an Azure Key Vault key, named VAULT/KEY: a P-256 key.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.

    """
    vault, _, key = name.partition("/")
    try:
        settings = AzureSettings().with_environment(os.environ)
    except ValueError as error:
        raise _not_asked(f"azurekms:{name}", error) from error
    address = vault_address(vault, settings)
    return held_signer(
        f"azurekms:{name}", VaultKey(address=address, name=key, settings=settings), lines
    )


def held_signer(where: str, key: HeldKey, lines: Mapping[str, str]) -> Signer:
    """Return a signer by a key that a service holds; ``where`` is what it is called.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.

    """
    from securesystemslib.signer import Key, SecretsHandler, Signature, Signer

    try:
        line = _line(key.public())
    except DecantError:
        raise
    except Exception as error:  # each cloud has errors of its own
        raise _not_asked(where, error) from error
    public = public_key(trusted(where, line, lines))

    class KmsSigner(Signer):
        """A key that a cloud's service holds."""

        @property
        def public_key(self) -> Key:
            """Return its public key."""
            return public

        @classmethod
        def from_priv_key_uri(
            cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
        ) -> Signer:
            """Refuse: a key of a cloud is found by its name."""
            raise NotImplementedError(priv_key_uri)

        def sign(self, payload: bytes) -> Signature:
            """Let the cloud sign."""
            try:
                signature = key.signed(hashlib.sha256(payload).digest())
            except DecantError:
                raise
            except Exception as error:  # each cloud has errors of its own
                raise BadInputError(
                    f"{where} does not sign: {error}",
                    hint="look at whether you may sign with it, and whether it is enabled",
                ) from error
            return Signature(public.keyid, signature.hex())

    signer = KmsSigner()
    weakref.finalize(signer, key.close)
    return signer


def _aws_key(where: str, name: str) -> AwsKey:
    settings = replace(AwsSettings().with_environment(os.environ), profile=None, accounts=())
    with_own = AwsReach(settings=settings)
    try:
        region = with_own.place_of(name).region or with_own.session("").region_name or ""
    except Exception as error:  # a profile or a configuration that boto3 does not find
        raise _not_asked(where, error) from error
    # Who names a key means its region, too: the estate's regions are for what it moves.
    reach = AwsReach(settings=replace(settings, regions=(region,) if region else ()))
    return AwsKey(name=name, reach=reach, place=AwsPlace(region=region))


def _not_asked(where: str, error: Exception) -> BadInputError:
    return BadInputError(
        f"{where} cannot be asked for its public key: {error}",
        hint="look at the key's name, the region and what you may do with it",
    )


def _line(der: bytes) -> str:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_der_public_key,
    )

    public = load_der_public_key(der)
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
