"""Where a secret is, as it is typed: ``env:NAME``, ``keyring:SERVICE/NAME``, ``file:PATH``."""

from __future__ import annotations

from typing import Any

import click

from inventory.errors import UsageError
from inventory.secret import Reference


class _Reference(click.ParamType[Reference]):
    name = "reference"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Reference:
        """Return the reference. What was typed is not repeated: it may be the secret."""
        if isinstance(value, Reference):
            return value
        try:
            return Reference.parse(value)
        except UsageError as error:
            self.fail(f"{error}; {error.hint}", param, ctx)


REFERENCE = _Reference()
"""For an option that names where a secret is."""
