"""What several rows of a plan say of one server, put together.

Rows that speak of one server need not say the same; where they contradict each other, both
statements are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from inventory.importers._cells import tag
from inventory.importers._rows import Entry
from inventory.model.fact import FactKey
from inventory.model.imported import ServerRecord, Stated, Where
from inventory.model.placement import EXTERNAL_IDS, NAMED_APPLICATIONS, TAGS, TARGET_SETTINGS, Tag


@dataclass(kw_only=True)
class Planned:
    """One server of a plan."""

    key: str
    name: str
    source: str
    where: Where
    stated: list[Stated] = field(default_factory=list)
    has_wave: bool = False
    applications: dict[str, str] = field(default_factory=dict)
    """Each with the title of the column that names it."""
    _held: dict[str, dict[Tag, str]] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take over what a row states, once."""
        self.stated += [each for each in entry.stated if each not in self.stated]
        entry.stated.clear()

    def hold(self, key: FactKey[tuple[Tag, ...]], column: str, tags: Iterable[Tag]) -> None:
        """Add to what is stated as one fact in the end."""
        held = self._held.setdefault(key.name, {})
        for each in tags:
            held.setdefault(each, column)

    def hold_tag(self, column: str, name: str, value: str) -> None:
        """Add a tag, without what may be secret."""
        self.hold(TAGS, column, (tag(name, value),))

    def record(self) -> ServerRecord:
        """Return all that is said of it."""
        stated = [*self.stated]
        for key in (TAGS, TARGET_SETTINGS, EXTERNAL_IDS):
            if held := self._held.get(key.name):
                column = next(iter(held.values()))
                stated.append(Stated(column=column, observation=key.known(tuple(held))))
        if self.applications:
            column = next(iter(self.applications.values()))
            named = NAMED_APPLICATIONS.known(tuple(self.applications))
            stated.append(Stated(column=column, observation=named))
        return ServerRecord(
            source=self.source,
            key=self.key,
            name=self.name,
            stated=tuple(stated),
            where=self.where,
        )
