"""How far a workbook's sheets really reach, before they are read whole into memory."""

from __future__ import annotations

from typing import IO


def check_extent(name: str, held: IO[bytes]) -> None:
    """Refuse what would not fit."""
