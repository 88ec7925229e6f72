"""What a place has beside servers, asked and kept question by question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.errors import PartlyUnknownError
from inventory.model.fact import Unknown

if TYPE_CHECKING:
    from inventory.model.source import Place
    from inventory.store.resources import ResourceKeeper


@dataclass(kw_only=True)
class Brought:
    """What the questions to a place brought."""

    resources: int = 0
    gone: int = 0
    silent: list[tuple[str, str]] = field(default_factory=list)
    """Questions that were not answered, and why."""


def ask_resources(keeper: ResourceKeeper, place: Place, already: set[tuple[str, ...]]) -> Brought:
    """Ask a place what it has beside servers; a question that fails costs only itself.

    ``already`` are the questions that another place answered in this run: an account that is
    listed, and is the credentials' own, is kept once.

    Raises:
        StoreError: the database cannot be written; what was kept before stays.

    """
    brought = Brought()
    try:
        for listing in place.resources() if place.resources else ():
            key = (listing.source, listing.question, listing.of)
            if key in already:
                continue
            change = keeper.keep(listing)
            if isinstance(listing.told, Unknown):
                brought.silent.append((listing.name, listing.told.detail))
                continue
            already.add(key)
            brought.resources += change.seen
            brought.gone += len(change.gone)
    except PartlyUnknownError as error:
        brought.silent.append((place.name, str(error)))
    return brought
