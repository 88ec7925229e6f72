"""What changed between verdicts, as rows for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from inventory.amount import amount
from inventory.output import print_rows

if TYPE_CHECKING:
    from migrate.judging.comparing import Change

COLUMNS: Final = ("server", "cloud", "what", "before", "after", "because")


def print_changes(found: Sequence[Change], form: str) -> None:
    """Print one row for each axis and finding that is otherwise than before."""
    rows = [
        {
            "server": each.server,
            "cloud": each.cloud.value,
            "what": each.what,
            "before": each.before,
            "after": each.after,
            "because": [cause.value for cause in each.because],
        }
        for each in found
    ]
    print_rows(rows, COLUMNS, form, empty="nothing changed")


def summary(found: Sequence[Change]) -> str:
    """Say how many servers have changed, and how often each cause did it."""
    servers = len({each.server for each in found})
    causes = [cause.value for each in found for cause in each.because]
    counted = ", ".join(f"{name} {causes.count(name)}" for name in dict.fromkeys(causes))
    return f"{amount(servers, 'server')} changed; because of: {counted or 'none'}"
