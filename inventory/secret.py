"""Where a secret is kept: named by a reference, read when it is needed, shown to nobody."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from pathlib import Path

from inventory.errors import BadInputError, MissingExtraError, Place, UsageError

_MOST_BYTES = 64 * 1024
_FORMS = "env:NAME, keyring:SERVICE/NAME or file:PATH"


class Keeper(Enum):
    """Who may keep a secret."""

    ENVIRONMENT = "env"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True)
class Secret:
    """A secret in hand. Printing it shows nothing of it."""

    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where a secret is, which itself is none."""

    keeper: Keeper
    name: str
    """Of the variable or the file; for a keyring the service and the name, parted by a slash."""

    def __str__(self) -> str:
        """Write it as it is typed."""
        return f"{self.keeper.value}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read ``env:NAME``, ``keyring:SERVICE/NAME`` or ``file:PATH``.

        Raises:
            UsageError: it is none of these. What was typed is not repeated: it may be the secret.

        """
        kind, colon, name = text.partition(":")
        keeper = next((each for each in Keeper if each.value == kind), None)
        if keeper is None or not colon or not name:
            raise UsageError(
                "this is no reference to a secret", hint=f"write {_FORMS}; never the secret itself"
            )
        service, _, account = name.partition("/")
        if keeper is Keeper.KEYRING and not (service and account):
            raise UsageError(
                "a keyring is asked by service and name", hint="write keyring:SERVICE/NAME"
            )
        return cls(keeper=keeper, name=name)


def is_reference(text: str) -> bool:
    """Tell whether a text is a reference, and so may stand where a secret may not."""
    try:
        Reference.parse(text)
    except UsageError:
        return False
    return True


def fetch(reference: Reference, environment: Mapping[str, str]) -> Secret:
    """Fetch the secret from its keeper.

    Raises:
        BadInputError: it is not there, is empty, or others can read the file that holds it.
        MissingExtraError: it is in a keyring, and the package ``keyring`` is not installed.

    """
    match reference.keeper:
        case Keeper.ENVIRONMENT:
            value = environment.get(reference.name)
        case Keeper.FILE:
            value = _from_file(Path(reference.name).expanduser())
        case Keeper.KEYRING:
            value = _from_keyring(reference)
    if not value:
        raise BadInputError(
            f"there is no secret under {reference}", hint="put it there, or name another place"
        )
    return Secret(value)


def _from_file(path: Path) -> str:
    place = Place(file=path)
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) and not stat.S_ISFIFO(found.st_mode):
                raise BadInputError("a secret is kept in a plain file", place=place)
            if stat.S_ISREG(found.st_mode) and found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise BadInputError(
                    "others than its owner can read this secret",
                    hint=f"chmod 600 {path}, and change the secret if it may have been read",
                    place=place,
                )
            said = file.read(_MOST_BYTES)
    except OSError as error:
        raise BadInputError(
            f"the secret cannot be read: {error.strerror}",
            hint="name a file that you can read",
            place=place,
        ) from error
    return said.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r")


def _from_keyring(reference: Reference) -> str | None:
    try:
        get: Callable[[str, str], str | None] = import_module("keyring").get_password
    except ImportError as error:
        raise MissingExtraError(
            f"{reference} is in a keyring, and the package keyring is not installed",
            hint="pip install 'decant[keyring]', or keep it in a file: file:PATH",
        ) from error
    service, _, name = reference.name.partition("/")
    try:
        return get(service, name)
    except Exception as error:  # each backend has errors of its own
        raise BadInputError(
            f"the keyring does not give {reference}: {error}",
            hint="unlock it, or keep the secret elsewhere",
        ) from error
