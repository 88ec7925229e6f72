"""How much a packed file may unpack to."""

from __future__ import annotations

from typing import Final

from inventory.errors import BadInputError

MOST_BYTES: Final = 16 << 30
"""Of all that one archive holds, unpacked."""
_HIGHEST_RATIO: Final = 250
"""Unpacked to packed, of more than a little; exports reach 50, bombs 1000."""
_LITTLE: Final = 32 << 20


def check_unpacked(name: str, plain: int, packed: int, most: int = MOST_BYTES) -> None:
    """Refuse what unpacks to far more than exports do, by its bytes when unpacked and packed.

    Raises:
        BadInputError: it does.

    """
    if plain > most or (plain > _LITTLE and plain > _HIGHEST_RATIO * packed):
        raise BadInputError(
            f"{name}: it unpacks to far more than an export does",
            hint="if that is right, unpack it yourself and import the files, or save it as CSV",
        )
