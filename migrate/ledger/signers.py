"""Private keys, used where they are: in a file, the environment, a keyring, an agent or a KMS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.errors import BadInputError, UsageError
from inventory.secret import Reference, Secret, fetch
from migrate.ledger.keys import key_id, public_key, trusted

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

    from inventory.estate import Person

_MAKE: Final = "ssh-keygen -t ed25519 -f ~/.ssh/decant makes a key"
_OWN_KEYS: Final = ("~/.ssh/id_ed25519", "~/.ssh/decant")
"""Where a person's own key is looked for when none is named."""


def open_signer(
    where: str,
    environment: Mapping[str, str],
    *,
    passphrase: Reference | None = None,
    lines: Mapping[str, str],
) -> Signer:
    """Open a private key where it is: ``file:``, ``env:``, ``keyring:``, ``agent:`` or a KMS.

    ``lines`` are the trusted public keys by fingerprint: what signs must be one of them.

    Raises:
        UsageError: it is no such reference.
        BadInputError: the key is not there, cannot be used, or is none of the trusted ones.

    """
    kind, _, name = where.partition(":")
    if kind in _REMOTE:
        return _REMOTE[kind](name, lines)
    secret = fetch(Reference.parse(where), environment)
    phrase = fetch(passphrase, environment) if passphrase else None
    return _of_text(where, secret, phrase, lines)


def own_signer(
    person: Person,
    environment: Mapping[str, str],
    *,
    where: str | None = None,
    passphrase: Reference | None = None,
) -> Signer:
    """Open a person's own private key: the one named, else the agent's, else an own key file.

    Raises:
        UsageError: what was named is a file, and not a reference to one, or is a public key.
        BadInputError: no key that fits the person's public key can be used.

    """
    lines = {key_id(person.key): person.key}
    named = where or environment.get("DECANT_KEY")
    if named:
        _refuse_slips(named)
        return open_signer(named, environment, passphrase=passphrase, lines=lines)
    from migrate.ledger.agent import agent_signer

    signer = agent_signer(key_id(person.key), person.key, environment)
    if signer is not None:
        return signer
    for path in _OWN_KEYS:
        beside = Path(f"{path}.pub").expanduser()
        if beside.is_file() and _names(beside, person.key):
            return open_signer(f"file:{path}", environment, passphrase=passphrase, lines=lines)
    raise BadInputError(
        f"the private key of {person.name} is not here",
        hint="load it into ssh-agent, or name it: --key file:PATH",
    )


def _refuse_slips(named: str) -> None:
    if ":" not in named and Path(named).expanduser().is_file():
        raise UsageError(f"{named} does not say that it is a file", hint=f"--key file:{named}")
    if named.endswith(".pub"):
        raise UsageError(
            f"{named} is the public half of a key, and signs nothing",
            hint=f"--key {named.removesuffix('.pub')}",
        )


def _names(path: Path, line: str) -> bool:
    try:
        return path.read_text(encoding="utf-8").split()[:2] == line.split()[:2]
    except (OSError, UnicodeDecodeError):
        return False


def _of_text(where: str, secret: Secret, phrase: Secret | None, lines: Mapping[str, str]) -> Signer:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
        load_ssh_private_key,
    )
    from securesystemslib.signer import CryptoSigner

    text = (secret.value + "\n").encode("utf-8", "surrogateescape")
    load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in text else load_pem_private_key
    try:
        private = load(text, phrase.value.encode() if phrase else None)
        line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    except TypeError as error:
        raise BadInputError(
            f"the key of {where} is locked, or is not and was given a passphrase",
            hint="name where its passphrase is: passphrase_from, or load it into ssh-agent",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInputError(
            f"{where} holds no key that can be used: {error}", hint=_MAKE
        ) from error
    return CryptoSigner(private, public_key(trusted(where, line, lines)))


def _agent(name: str, lines: Mapping[str, str]) -> Signer:
    import os

    from migrate.ledger.agent import agent_signer

    if name not in lines:
        raise UsageError(
            "an agent's key is named by its fingerprint, one that decant.toml trusts",
            hint=f"agent:{next(iter(lines), 'SHA256:…')}; ssh-add -l lists them",
        )
    signer = agent_signer(name, lines[name], os.environ)
    if signer is None:
        raise BadInputError(f"the agent does not hold {name}", hint="ssh-add loads it")
    return signer


def _aws(name: str, lines: Mapping[str, str]) -> Signer:
    from migrate.clouds.kms import aws_signer

    return aws_signer(name, lines)


def _azure(name: str, lines: Mapping[str, str]) -> Signer:
    from migrate.clouds.kms import azure_signer

    return azure_signer(name, lines)


_REMOTE: Final[Mapping[str, Callable[[str, Mapping[str, str]], Signer]]] = {
    "agent": _agent,
    "awskms": _aws,
    "azurekms": _azure,
}
