"""How a person's own key is named on the command line, for all that people say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

    from inventory.estate import Person

F = TypeVar("F", bound=Callable[..., Any])


def signing_options(command: F) -> F:
    """Give a command ``--key`` and ``--passphrase-from``."""
    command = click.option(
        "--passphrase-from", metavar="REFERENCE", help="Where that key's passphrase is."
    )(command)
    return click.option(
        "--key", help="Where their private key is: file:PATH, env:NAME, agent:FINGERPRINT …"
    )(command)


def own_key(key: str | None, passphrase_from: str | None) -> Callable[[Person], Signer]:
    """Return what opens a person's own key, once the person is known."""

    def sign(person: Person) -> Signer:
        import os

        from inventory.secret import Reference
        from migrate.ledger.signers import own_signer

        phrase = Reference.parse(passphrase_from) if passphrase_from else None
        return own_signer(person, os.environ, where=key, passphrase=phrase)

    return sign
