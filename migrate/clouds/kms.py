"""Signing keys in a cloud's key management service: the private key never leaves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, MissingExtraError
from migrate.ledger.keys import key_id, public_key

if TYPE_CHECKING:
    from securesystemslib.signer import Signer, SSlibKey


def aws_signer(name: str, lines: Mapping[str, str]) -> Signer:
    """Return a signer by an AWS KMS key, named by its id, ARN or alias: a P-256 key.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.

    """
    from securesystemslib.signer import AWSSigner

    where = f"awskms:{name}"
    return AWSSigner(name, _trusted(where, lambda: AWSSigner.import_(name)[1], lines))


def azure_signer(name: str, lines: Mapping[str, str]) -> Signer:
    """Return a signer by an Azure Key Vault key, named VAULT/KEY: a P-256 key.

    Raises:
        BadInputError: the key cannot be asked, or is none that is trusted.
        MissingExtraError: the package for it is not installed.

    """
    from securesystemslib.signer import AzureSigner

    vault, _, key = name.partition("/")
    line = _trusted(f"azurekms:{name}", lambda: AzureSigner.import_(vault, key)[1], lines)
    return AzureSigner(f"https://{vault}.vault.azure.net/keys/{key}", line)


def _trusted(where: str, ask: Callable[[], SSlibKey], lines: Mapping[str, str]) -> SSlibKey:
    from securesystemslib.exceptions import UnsupportedLibraryError

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
    if key_id(line) not in lines:
        raise BadInputError(
            f"the key of {where} is not one that decant.toml trusts for this",
            hint=f"its public key is: {line}",
        )
    return public_key(line)


def _line(key: SSlibKey) -> str:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    public = load_pem_public_key(key.keyval["public"].encode())
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
