"""Signing keys in a cloud's key management service: the private key never leaves it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, MissingExtraError
from inventory.model.cloud_calls import Purpose, aws_call, azure_call
from migrate.ledger.keys import public_key, trusted

if TYPE_CHECKING:
    from securesystemslib.signer import Signer, SSlibKey

CALLS = (
    aws_call("kms:GetPublicKey", purpose=Purpose.LEDGER),
    aws_call("kms:Sign", purpose=Purpose.LEDGER),
    azure_call(
        "GET keys", "Microsoft.KeyVault/vaults/keys/read", purpose=Purpose.LEDGER, is_data=True
    ),
    azure_call(
        "POST keys/sign",
        "Microsoft.KeyVault/vaults/keys/sign/action",
        purpose=Purpose.LEDGER,
        is_data=True,
    ),
)
"""What the signers of securesystemslib ask, by clients of their own: they are declared for their
privileges alone, and neither guarded nor counted here."""


def aws_signer(name: str, lines: Mapping[str, str]) -> Signer:
    """Return a signer by an AWS KMS key, named by its id, ARN or alias: a P-256 key.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.

    """
    from securesystemslib.signer import AWSSigner

    from inventory.clouds.aws_session import keep_quiet

    keep_quiet()
    where = f"awskms:{name}"
    key = _trusted(where, lambda: AWSSigner.import_(name)[1], lines)
    return _careful(where, key, AWSSigner(name, key))


def azure_signer(name: str, lines: Mapping[str, str]) -> Signer:
    """Return a signer by an Azure Key Vault key, named VAULT/KEY: a P-256 key.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.
        MissingExtraError: the package for it is not installed.

    """
    from securesystemslib.signer import AzureSigner

    where = f"azurekms:{name}"
    vault, _, name = name.partition("/")
    key = _trusted(where, lambda: AzureSigner.import_(vault, name)[1], lines)
    address = f"https://{vault}.vault.azure.net/keys/{name}"
    return _careful(where, key, AzureSigner(address, key))


def _trusted(where: str, ask: Callable[[], SSlibKey], lines: Mapping[str, str]) -> SSlibKey:
    from securesystemslib.exceptions import UnsupportedLibraryError

    # What the library logs of a failure is in our own error.
    logging.getLogger("securesystemslib").addHandler(logging.NullHandler())
    try:
        line = _line(ask())
    except UnsupportedLibraryError as error:
        raise MissingExtraError(
            f"{where}: {error}", hint="pip install 'securesystemslib[azurekms]'"
        ) from error
    except Exception as error:  # each cloud has errors of its own
        raise BadInputError(
            f"{where} cannot be asked for its public key: {error}",
            hint="look at the key's name, the region and what you may do with it",
        ) from error
    return public_key(trusted(where, line, lines))


def _careful(where: str, key: SSlibKey, inner: Signer) -> Signer:
    """Let a failure to sign be told as any other of ours."""
    from securesystemslib.signer import Key, SecretsHandler, Signature, Signer

    class KmsSigner(Signer):
        """A key that a cloud's service holds."""

        @property
        def public_key(self) -> Key:
            """Return its public key."""
            return key

        @classmethod
        def from_priv_key_uri(
            cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
        ) -> Signer:
            """Refuse: a key of a cloud is found by its name."""
            raise NotImplementedError(priv_key_uri)

        def sign(self, payload: bytes) -> Signature:
            """Let the cloud sign."""
            try:
                return inner.sign(payload)
            except Exception as error:  # each cloud has errors of its own
                raise BadInputError(
                    f"{where} does not sign: {error}",
                    hint="look at whether you may sign with it, and whether it is enabled",
                ) from error

    return KmsSigner()


def _line(key: SSlibKey) -> str:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    public = load_pem_public_key(key.keyval["public"].encode())
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
