"""What identity found and what people decided, as rows of a listing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from inventory.amount import amount
from inventory.identity.weights import WEIGHTS

if TYPE_CHECKING:
    from inventory.identity.decisions import Decision
    from inventory.identity.entry import Entry, Reference
    from inventory.identity.resolution import Group, Resolution

MERGED, UNDECIDED, DECIDED, SHARED = "merged", "undecided", "decided", "shared"
KINDS: Final = (UNDECIDED, MERGED, DECIDED, SHARED)
"""In the order in which they are listed: first what wants somebody's word."""
COLUMNS: Final = ("state", "one", "other", "points", "why", "against", "would_decide")
EXACT: Final = (
    *("state", "one_id", "one", "one_source", "one_key", "other_id", "other", "other_source"),
    *("other_key", "points", "why", "against", "would_decide"),
)
_Row = dict[str, Any]


def rows_of(found: Resolution, made: Iterable[Decision], kinds: Iterable[str]) -> Iterator[_Row]:
    """Yield the rows of these kinds; ``points`` is what speaks for their being one server."""
    wanted = set(kinds)
    there = {each.reference: each for group in found.groups for each in group.members}
    if UNDECIDED in wanted:
        yield from _undecided(found)
    if MERGED in wanted:
        for group in found.groups:
            yield from _merged(group)
    if DECIDED in wanted:
        yield from (_decided(each, there) for each in made)
    if SHARED in wanted:
        yield from _shared(found)


def _undecided(found: Resolution) -> Iterator[_Row]:
    for each in found.undecided:
        yield {
            "state": UNDECIDED,
            **_pair(each.one, each.other),
            "points": each.points,
            "why": [str(reason) for reason in each.reasons],
            "against": list(each.against) or [each.doubt.value],
            "would_decide": each.would_decide,
        }


def _merged(group: Group) -> Iterator[_Row]:
    members = {each.id: each for each in group.members}
    for merge in group.merges:
        yield {
            "state": MERGED,
            **_pair(members[merge.one], members[merge.other]),
            "points": None if merge.decision else merge.points,
            "why": [str(each) for each in merge.reasons] or [merge.why],
        }


def _decided(each: Decision, there: dict[Reference, Entry]) -> _Row:
    one, other = (_side(reference, there) for reference in each.pair)
    return {
        "state": each.ruling.value,
        **{f"one{name}": value for name, value in one.items()},
        **{f"other{name}": value for name, value in other.items()},
        "why": [str(each)],
    }


def _shared(found: Resolution) -> Iterator[_Row]:
    for each in found.shared:
        records = amount(each.records, "record")
        yield {
            "state": SHARED,
            "one": ", ".join(each.names),
            "one_source": each.source,
            "why": [f"{WEIGHTS[each.kind].words} {each.value} is shown by {records}"],
        }


def _pair(one: Entry, other: Entry) -> _Row:
    there = {one.reference: one, other.reference: other}
    return {
        **{f"one{name}": value for name, value in _side(one.reference, there).items()},
        **{f"other{name}": value for name, value in _side(other.reference, there).items()},
    }


def _side(reference: Reference, there: dict[Reference, Entry]) -> _Row:
    """Return one of two records; one that is gone goes by its key."""
    entry = there.get(reference)
    return {
        "_id": entry.id if entry else None,
        "": entry.name if entry else reference.key,
        "_source": reference.source,
        "_key": reference.key,
    }
