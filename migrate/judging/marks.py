"""What a server is marked with, by the estate's file and by the tags that inventories hold.

An estate that marks nothing has told nothing: its servers' marks are unknown. Once it has a table
of marks, a server that none of them fits is known to have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from inventory.model.fact import FactKey, Facts, Known, Observation, Reason
from inventory.model.mark import Mark, MarkSettings
from inventory.model.placement import ENVIRONMENT, NAMED_APPLICATIONS, TAGS, Tag
from migrate.judging.derived import APPLICATIONS
from migrate.judging.reading import Judge, about
from migrate.model.rule import Flagged, Judgement, Passed
from migrate.model.verdict import Severity

MARKS: Final = FactKey[tuple[Mark, ...]](
    name="derived.marks",
    kind=tuple[Mark, ...],
    help="What it is marked with by [[marks]] of decant.toml or by tags: pci, psn …",
)
_PLAIN: Final = {
    "official-sensitive": Mark.OFFICIAL_SENSITIVE,
    "pci": Mark.PCI,
    "pci-dss": Mark.PCI,
    "cardholder-data": Mark.PCI,
    "psn": Mark.PSN,
    "personal-data": Mark.PERSONAL,
    "pii": Mark.PERSONAL,
    "special-category": Mark.SPECIAL_CATEGORY,
    "special-category-data": Mark.SPECIAL_CATEGORY,
    "records-retention": Mark.RETENTION,
}
"""Words that mean a mark wherever they stand."""
_AMBIGUOUS: Final = {
    "official": Mark.OFFICIAL,
    "sensitive": Mark.OFFICIAL_SENSITIVE,
    "personal": Mark.PERSONAL,
    "retention": Mark.RETENTION,
}
"""Words that mean one only in a tag that is about marking."""
_ABOUT_MARKING: Final = re.compile(r"classif|marking|sensitiv|complian|data", re.IGNORECASE)
_YES: Final = frozenset({"", "yes", "true", "1", "y"})


@dataclass(frozen=True, kw_only=True)
class Marking:
    """How an estate marks its servers."""

    settings: tuple[MarkSettings, ...] = ()

    def observation(self, name: str, facts: Facts) -> Observation:
        """Tell the marks of the server of this name, of which these facts are known."""
        marks = {*self._by_name(name), *_by_tags(facts)}
        if not self.settings and not marks:
            return MARKS.unknown(Reason.NOT_TOLD, "neither decant.toml nor a tag marks it")
        hanging = any(each.applications for each in self.settings)
        runs = facts.of(APPLICATIONS)
        if hanging and not isinstance(runs, Known):
            return MARKS.unknown(Reason.NOT_TOLD, "marks hang on what runs on it")
        marks |= set(self._by_application(_named(facts)))
        return MARKS.known(tuple(each for each in Mark if each in marks))

    def _by_name(self, name: str) -> Iterator[Mark]:
        for each in self.settings:
            if _fits((name,), each.servers):
                yield from each.marks

    def _by_application(self, names: Iterable[str]) -> Iterator[Mark]:
        names = tuple(names)
        for each in self.settings:
            if _fits(names, each.applications):
                yield from each.marks


def marked(*marks: Mark, severity: Severity) -> Judge:
    """Flag a server with one of the marks.

    Marks are told by people. A rule that hangs on them is a note while nobody has told any, so
    that it leaves no verdict unknown, and weighs ``severity`` for a server that is marked.
    """

    def judge(told: tuple[Mark, ...]) -> Judgement:
        found = [each.value for each in told if each in marks]
        said = f"marked {', '.join(found)}"
        return Flagged(observed=said, severity=severity) if found else Passed()

    return about(MARKS, judge)


def _named(facts: Facts) -> Iterator[str]:
    for each in facts.value(APPLICATIONS) or ():
        yield from (each.id, each.name)
    yield from facts.value(NAMED_APPLICATIONS) or ()


def _fits(names: Iterable[str], patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(name.casefold(), pattern.casefold()) for name in names for pattern in patterns
    )


def _by_tags(facts: Facts) -> Iterator[Mark]:
    tags = facts.value(TAGS) or ()
    environment = facts.value(ENVIRONMENT)
    for tag in (*tags, Tag(name="environment", value=environment or "")):
        words = _PLAIN | (_AMBIGUOUS if _ABOUT_MARKING.search(tag.name) else {})
        told = [tag.name] if tag.value.strip().lower() in _YES else re.split(r"[,;|]", tag.value)
        yield from (words[word] for each in told if (word := _word(each)) in words)


def _word(text: str) -> str:
    """Write ``OFFICIAL - Sensitive`` and ``official_sensitive`` alike."""
    return re.sub(r"[\s_:/-]+", "-", text.strip().lower())
