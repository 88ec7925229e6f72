"""Sharing an amount out to the penny: the parts always add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.cost import Charge, Part

_FINE = 6
"""Decimal places of a percentage that count."""


def allocate(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount by weights, by the largest remainder; the earlier of equal ones first.

    Where all weights are nought, everybody bears the same.

    Raises:
        ValueError: there is nobody to bear it, or a weight is negative.

    """
    if not weights or min(weights) < 0:
        raise ValueError("an amount is shared among at least one, by weights that are not negative")
    whole = sum(weights)
    if whole == 0:
        return allocate(amount, [1] * len(weights))
    parts = [amount * weight // whole for weight in weights]
    owed = sorted(
        range(len(weights)), key=lambda index: (-(amount * weights[index] % whole), index)
    )
    for index in owed[: amount - sum(parts)]:
        parts[index] += 1
    return tuple(parts)


def borne_by(charge: Charge) -> dict[str, int] | None:
    """Return what each partner bears of a charge over the period, in pence; None when unknown.

    Empty when the charge names no partners.
    """
    if charge.period_pence is None:
        return None
    if not charge.parts:
        return {}
    amounts = allocate(charge.period_pence, [_weight(part) for part in charge.parts])
    return {part.partner: amount for part, amount in zip(charge.parts, amounts, strict=True)}


def _weight(part: Part) -> int:
    return int(part.percent.scaleb(_FINE))
