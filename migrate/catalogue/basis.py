"""How a price is known: one of four words, its reason and its date."""

from __future__ import annotations

from datetime import date

_DERIVED = ("rule-", "derived", "linux+uplift")


def basis(column: str, as_of: date) -> str:
    """Say ``observed``, ``derived`` or ``estimate`` for what a price file notes beside a price.

    What the file notes without a date of its own is as of ``as_of``; a note that is not
    recognised is an estimate, never an observation.
    """
    if column.startswith("observed-"):
        return f"observed {column.removeprefix('observed-')}"
    if column.startswith(_DERIVED):
        return f"derived {as_of} ({column.removeprefix('derived: ')})"
    note = column.removeprefix("estimate=").replace(" (", ", ").rstrip(")")
    return f"estimate {as_of} ({note})" if note else f"estimate {as_of}"
