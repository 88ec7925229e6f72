"""What a person at a terminal sees of one command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Return the lines on standard output."""
        return self.out.splitlines()

    def json(self) -> Any:
        """Read standard output as JSON."""
        return json.loads(self.out)


Decant = Callable[..., Said]
