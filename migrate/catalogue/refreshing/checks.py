"""What a new data set must show before it takes the place of the old one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from statistics import median

from inventory.errors import RefusedError

MOST_LOST = Decimal("0.10")
"""Share of a part's entries that may be gone; more looks like a broken answer."""
MOST_CHANGED = Decimal(2)
"""Factor by which half of a part's prices may rise or fall; more looks like another unit."""
_NAMED = 5

Part = Mapping[str, Decimal | None]


def check_part(
    what: str, before: Part, after: Part, anchors: Iterable[str], *, accept_losses: bool
) -> None:
    """See that one part of a new data set can be believed.

    ``accept_losses`` lets entries go that were there before, and prices change as they like.

    Raises:
        RefusedError: a well-known entry is missing, a price is not above nothing, too many entries
            are gone, or the prices as a whole have changed too much.

    """
    missing = sorted(set(anchors) - after.keys())
    if missing:
        raise _refused(what, f"lacks {_some(missing)}, which every answer so far had")
    free = sorted(name for name, usd in after.items() if usd is not None and usd <= 0)
    if free:
        raise _refused(what, f"has prices that are not above nothing: {_some(free)}")
    if not accept_losses:
        _check_losses(what, before, after)
        _check_prices(what, before, after)


def _check_losses(what: str, before: Part, after: Part) -> None:
    lost = sorted(before.keys() - after.keys())
    if len(lost) > MOST_LOST * len(before):
        share = f"{len(lost) / len(before):.0%}"
        raise _refused(
            what,
            f"lacks {len(lost)} of {len(before)} entries that were there before ({share}; up to "
            f"{MOST_LOST:.0%} may go): {_some(lost)}",
            "; if they are really gone, add --accept-losses",
        )


def _check_prices(what: str, before: Part, after: Part) -> None:
    changes = [
        new / old
        for old, new in ((before.get(name), usd) for name, usd in after.items())
        if old and new
    ]
    if changes and not 1 / MOST_CHANGED <= median(changes) <= MOST_CHANGED:
        raise _refused(
            what,
            f"has prices that are {median(changes):.2f} times those before, in the middle",
            "; if prices have really changed so, add --accept-losses",
        )


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _refused(what: str, why: str, remedy: str = "") -> RefusedError:
    return RefusedError(
        f"the new {what} {why}",
        hint="nothing was applied, and the catalogue is as it was; run decant catalogue refresh "
        f"--afresh to ask for everything again{remedy}",
    )
