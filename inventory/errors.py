"""Every failure a user can meet, and the exit code it ends with.

::

    DecantError
    ├── UsageError             2   the command was called wrongly
    ├── PartlyUnknownError     3   a server, or a service, did not answer
    │   ├── UnreachableError       nothing answered, or it broke off
    │   ├── HostKeyError           the server could not be verified
    │   ├── AccessRefusedError     the server refused the credentials
    │   └── LateError              its turn would have come after the run's limit
    ├── RefusedError           4   refused for safety
    └── BadInputError          5   bad input or configuration
        ├── PluginError            a plug-in file cannot be used
        ├── StoreError             the estate's database cannot be used
        └── MissingExtraError      an optional part is not installed

Exit code 1 is no error: ``validate`` and ``test`` end with it when they have findings.
Anything outside this tree is our own bug and ends with 70.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path

FINE, FINDINGS, USAGE, PARTLY_UNKNOWN, REFUSED, BAD_INPUT, OUR_BUG = 0, 1, 2, 3, 4, 5, 70


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in a file something is wrong."""

    file: Path
    line: int | None = None
    """1 for the first line."""
    column: int | None = None
    """1 for the first column."""
    field: str | None = None
    """Dotted path of the field, such as ``stages[0].checks[2].with.port``."""

    def __str__(self) -> str:
        """Say ``file:line:column: field``, leaving out what is not known."""
        position = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part is not None
        )
        return f"{position}: {self.field}" if self.field else position


class DecantError(Exception):
    """Something went wrong."""

    exit_code: ClassVar[int] = OUR_BUG

    def __init__(
        self, message: str | None = None, *, hint: str | None = None, place: Place | None = None
    ) -> None:
        self.message = message or (type(self).__doc__ or "").split("\n", 1)[0].rstrip(".").lower()
        self.hint = hint
        self.place = place
        super().__init__(self.message)

    def __str__(self) -> str:
        """Say the place, when there is one, and the message."""
        return f"{self.place}: {self.message}" if self.place else self.message


class UsageError(DecantError):
    """The command was called wrongly."""

    exit_code = USAGE


class PartlyUnknownError(DecantError):
    """A server or a service did not answer."""

    exit_code = PARTLY_UNKNOWN


class UnreachableError(PartlyUnknownError):
    """Nothing answered."""


class HostKeyError(PartlyUnknownError):
    """The server could not be verified by its host key."""


class AccessRefusedError(PartlyUnknownError):
    """The server refused the credentials."""


class LateError(PartlyUnknownError):
    """Its turn to be connected to would have come after the run's limit."""


class RefusedError(DecantError):
    """Refused for safety."""

    exit_code = REFUSED


class BadInputError(DecantError):
    """The input or the configuration is not usable."""

    exit_code = BAD_INPUT


class PluginError(BadInputError):
    """A plug-in file cannot be used."""


class StoreError(BadInputError):
    """The estate's database cannot be used."""


class MissingExtraError(BadInputError):
    """An optional part of Decant is not installed."""
