"""What people decided about records: one server, or two. It goes before all evidence.

A decision is about two records, under what each is found by again after its export was imported
anew, and is kept until it is undone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from inventory.errors import UsageError
from inventory.identity.entry import Reference

UNDO: Final = "take back the one that is wrong first: decant identity undo A B"


class Ruling(Enum):
    """What was decided."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision; it is the same whichever of the two records is named first."""

    ruling: Ruling
    one: Reference
    """The one that sorts first."""
    other: Reference
    by: str
    """Who decided."""
    at: datetime
    why: str

    def __str__(self) -> str:
        """Say it in words."""
        verb = "one server" if self.ruling is Ruling.SAME else "two servers"
        because = f": {self.why}" if self.why else ""
        return f"are {verb}, says {self.by} on {self.at:%Y-%m-%d}{because}"

    @property
    def pair(self) -> tuple[Reference, Reference]:
        """The two records."""
        return self.one, self.other


def decision(
    ruling: Ruling, one: Reference, other: Reference, *, by: str, at: datetime, why: str
) -> Decision:
    """Make a decision about two records.

    Raises:
        UsageError: they are one record.

    """
    if one == other:
        raise UsageError(f"{one} is one record", hint="name two, see decant identity")
    first, second = sorted((one, other))
    return Decision(ruling=ruling, one=first, other=second, by=by, at=at, why=why)


def decided(made: Iterable[Decision], new: Decision) -> tuple[Decision, ...]:
    """Return the decisions with one more. One that was made before is kept as it was.

    Raises:
        UsageError: it contradicts those that were made; the message says which.

    """
    made = tuple(made)
    if any((each.pair, each.ruling) == (new.pair, new.ruling) for each in made):
        return made
    check((*made, new))
    return (*made, new)


def decision_about(
    made: Iterable[Decision], ones: Collection[Reference], others: Collection[Reference]
) -> Decision:
    """Return the decision about one of some records and one of some others.

    Raises:
        UsageError: nothing was decided about them, or several things were.

    """
    found = [
        each
        for each in made
        if (each.one in ones and each.other in others)
        or (each.one in others and each.other in ones)
    ]
    if not found:
        hint = "decant identity --only decided lists what was decided"
        raise UsageError("nothing was decided about these two", hint=hint)
    if len(found) > 1:
        said = "; ".join(f"{each.one} and {each.other} {each}" for each in found)
        raise UsageError(
            f"{len(found)} things were decided about them", hint=f"name two records by id: {said}"
        )
    return found[0]


def check(decisions: Iterable[Decision]) -> None:
    """Make sure that no two records are decided to be one server and two.

    Raises:
        UsageError: some are; the message names the decisions that lead to it.

    """
    listed = tuple(decisions)
    beside: dict[Reference, dict[Reference, Decision]] = {}
    for each in (one for one in listed if one.ruling is Ruling.SAME):
        beside.setdefault(each.one, {})[each.other] = each
        beside.setdefault(each.other, {})[each.one] = each
    for each in (one for one in listed if one.ruling is Ruling.DIFFERENT):
        chain = _chain(beside, each.one, each.other)
        if chain:
            said = "; ".join(f"{one.one} and {one.other} {one}" for one in (each, *chain))
            raise UsageError(f"these contradict each other: {said}", hint=UNDO)


def _chain(
    beside: Mapping[Reference, Mapping[Reference, Decision]], start: Reference, end: Reference
) -> tuple[Decision, ...]:
    """Return the fewest decisions by which two records are one server; none if they are not."""
    reached: dict[Reference, tuple[Decision, ...]] = {start: ()}
    waiting = deque([start])
    while waiting and end not in reached:
        here = waiting.popleft()
        for there, by in sorted(beside.get(here, {}).items(), key=lambda step: step[0]):
            if there not in reached:
                reached[there] = (*reached[here], by)
                waiting.append(there)
    return reached.get(end, ())
