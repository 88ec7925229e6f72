"""Lengths of time as people write them: ``45s``, ``5m``, ``2h``."""

from __future__ import annotations

import re
from typing import Any, Final

import click

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "": 1}
_FORM: Final = re.compile(r"([1-9][0-9]{0,5})([smh]?)\Z")


class _Duration(click.ParamType[int]):
    """A whole number of seconds, minutes or hours; becomes seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seconds."""
        if isinstance(value, int):
            return value
        match = _FORM.match(value)
        if not match:
            self.fail(f"{value!r} is no length of time: write 45s, 5m or 2h", param, ctx)
        return int(match[1]) * _SECONDS[match[2]]


DURATION: Final = _Duration()
