"""One side of a comparison: a database at one moment, which is only ever read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from migrate.data.model import Catalogue, How, Member, Place, Tally


@dataclass(frozen=True, kw_only=True)
class Described:
    """Which database it is, at which moment."""

    engine: str
    """Product and version."""
    version: int
    """Larger for later ones of the same product."""
    database: str
    identity: str
    """Words for what runs there; two that are copies of each other may share them."""
    moment: str | None
    """The same for two moments only if nothing whatever was written between them; None when the
    database cannot tell that, and then nothing is remembered of it."""


class Side(Protocol):
    """A database that is being compared. Each call may raise CannotTellError or LostError."""

    @property
    def described(self) -> Described:
        """Say which database it is."""
        ...

    def is_same(self, other: Side) -> bool:
        """Tell whether the other side is this very database, however it was reached."""
        ...

    def catalogue(self, other: Described) -> Catalogue:
        """List what it holds at its moment, for a comparison with the other database."""
        ...

    def methods(self) -> Sequence[tuple[str, str]]:
        """Return the hashes that it can compute, best first, each with what it makes of a probe."""
        ...

    def tally(self, how: How, place: Place, size: float) -> tuple[Tally, Place | None]:
        """Sum up the part of a table that begins at a place; return also where the next begins.

        ``size`` is 1 for a small part that takes a moment, and larger for a larger one.
        """
        ...

    def members(
        self, how: How, buckets: Sequence[int], place: Place, size: float
    ) -> tuple[Sequence[Member], Place | None]:
        """Return the rows in some buckets within a part; also where the next part begins."""
        ...

    def written(self) -> Sequence[str]:
        """Name the tables that were written to since the moment that is compared.

        Raises:
            CannotTellError: the database cannot tell.

        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
