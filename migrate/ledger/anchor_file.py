"""An anchor that is a file: one signed head a line, only ever appended.

That nothing is taken away from it is for whoever keeps it to see to: on another server, on a share
that only takes additions, or with ``chattr +a``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import PartlyUnknownError
from migrate.ledger.anchors import Head, head_of
from migrate.ledger.statements import UnreadableError


@dataclass(frozen=True, kw_only=True)
class FileAnchor:
    """Heads in a file."""

    path: Path

    @property
    def where(self) -> str:
        """Where it is."""
        return f"file:{self.path}"

    def keep(self, head: Head, envelope: str) -> str:
        """Append a head, and see it written to the disk.

        Raises:
            PartlyUnknownError: the file cannot be written.

        """
        try:
            with self.path.open("ab") as file:
                file.write(envelope.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._failed("written", error) from error
        return f"{self.where}, head of {head.entries} entries"

    def heads(self) -> Sequence[Head]:
        """Return every head in the file; none when there is no file yet.

        Raises:
            PartlyUnknownError: the file cannot be read, or a line of it is no head.

        """
        return [head for head, _ in self._lines()]

    def envelope(self, head: Head) -> str:
        """Return the last line about a head.

        Raises:
            PartlyUnknownError: the file cannot be read, or does not hold it.

        """
        found = [text for each, text in self._lines() if each == head]
        if not found:
            raise PartlyUnknownError(f"{self.where} does not hold that head any more")
        return found[-1]

    def _lines(self) -> list[tuple[Head, str]]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise self._failed("read", error) from error
        found = []
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                found.append((head_of(line), line))
            except UnreadableError as error:
                raise PartlyUnknownError(f"line {number} of {self.where}: {error}") from error
        return found

    def _failed(self, verb: str, error: Exception) -> PartlyUnknownError:
        why = getattr(error, "strerror", None) or str(error)
        return PartlyUnknownError(
            f"{self.where} cannot be {verb}: {why}", hint="see whether it is mounted and yours"
        )
