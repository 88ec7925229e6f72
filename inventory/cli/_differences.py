"""What differs between two states of the estate, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from inventory.amount import amount
from inventory.cli._words import fact_in_words, value_in_words
from inventory.identity.entry import ASKED
from inventory.model.codec import to_plain
from inventory.model.difference import Change, Difference, Fate, Moment, ServerDifference
from inventory.model.fact import Known
from inventory.printable import printable

if TYPE_CHECKING:
    from inventory.model.fact import Fact

LIFE = ("at", "source", "happened", "fact", "what", "before", "after")
COLUMNS = ("server", "id", "fate", "why", "fact", "what", "before", "after")


def as_text(difference: Difference, *, longest: int | None) -> Iterator[str]:
    """Return the lines that tell of it; of a long list no more than ``longest`` parts."""
    for each in difference.servers:
        yield from _server(each, longest)
        yield ""
    yield (f"from {difference.before.title} to {difference.after.title}: {summary(difference)}")


def life_as_text(moments: Sequence[Moment], *, longest: int | None) -> Iterator[str]:
    """Return the lines that tell what became known of one server, and when."""
    for each in moments:
        yield printable(f"{each.at:%Y-%m-%d %H:%M} UTC  {_happened(each)}")
        for change in each.changes:
            yield from _lines(change, longest)


def life_as_document(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """Return the same as JSON."""
    return [
        {
            "at": each.at.isoformat(),
            "run": each.run,
            "source": each.source,
            "target": each.target,
            "first": each.is_first,
            "told": each.told,
            "unreachable": to_plain(each.unreachable),
            "changes": [_change(change) for change in each.changes],
        }
        for each in moments
    ]


def life_as_rows(moments: Sequence[Moment]) -> Iterator[dict[str, Any]]:
    """Return one row for each thing that changed; one for a time when nothing else happened."""
    for each in moments:
        told = {"at": each.at.isoformat(), "source": each.target, "happened": _happened(each)}
        rows = [row for change in each.changes for row in _rows(change)]
        yield from ({**told, **row} for row in rows or [{}])


def _happened(each: Moment) -> str:
    who = "asked" if each.source == ASKED else "told of"
    if each.unreachable:
        why = each.unreachable.detail or each.unreachable.reason.value
        return f"{who} at {each.target}: did not answer: {why}"
    where = f"{who} at {each.target}" if each.source == ASKED else f"{who} by {each.source}"
    if each.is_first:
        return f"{where} for the first time: {amount(each.told, 'fact')}"
    return f"{where}: {len(each.changes) or 'nothing'} changed"


def summary(difference: Difference) -> str:
    """Return how many servers met which fate: ``2 appeared, 1 changed, 40 the same``."""
    counts = {fate: sum(each.fate is fate for each in difference.servers) for fate in Fate}
    told = [f"{count} {fate.value}" for fate, count in counts.items() if count]
    return ", ".join([*told, f"{difference.same} the same"])


def as_document(difference: Difference) -> dict[str, Any]:
    """Return everything as one JSON document."""
    return {
        "before": _state(difference.before.title, difference.before.at),
        "after": _state(difference.after.title, difference.after.at),
        "same": difference.same,
        "servers": [
            {
                "id": each.id,
                "name": each.name,
                "fate": each.fate.value,
                "why": each.why or None,
                "renamed_from": each.renamed_from or None,
                "changes": [_change(change) for change in each.changes],
            }
            for each in difference.servers
        ],
    }


def as_rows(difference: Difference) -> Iterator[dict[str, Any]]:
    """Return one row for each thing that differs; one for a server of which nothing else does."""
    for each in difference.servers:
        told = {"server": each.name, "id": each.id, "fate": each.fate.value, "why": each.why}
        rows = [row for change in each.changes for row in _rows(change)]
        if each.renamed_from:
            renamed = {"fact": "name", "what": "changed", "before": each.renamed_from}
            rows.insert(0, {**renamed, "after": each.name})
        yield from ({**told, **row} for row in rows or [{}])


def _server(each: ServerDifference, longest: int | None) -> Iterator[str]:
    why = f": {each.why}" if each.why else ""
    renamed = f" (was {each.renamed_from})" if each.renamed_from else ""
    yield printable(f"{each.name}{renamed} {each.fate.value}{why}")
    for change in each.changes:
        yield from _lines(change, longest)


def _lines(change: Change, longest: int | None) -> Iterator[str]:
    name = change.key.name
    if not (change.added or change.removed or change.altered):
        yield f"  {name}: {_told(name, change.before)} → {_told(name, change.after)}"
        return
    yield f"  {name}: {_counts(change)}"
    lines = list(_parts(change))
    shown = lines if longest is None or len(lines) <= longest + 1 else lines[:longest]
    yield from shown
    if len(shown) < len(lines):
        yield f"    … and {len(lines) - len(shown)} more (--all)"


def _counts(change: Change) -> str:
    counts = {"added": change.added, "removed": change.removed, "altered": change.altered}
    return ", ".join(f"{len(parts)} {word}" for word, parts in counts.items() if parts)


def _parts(change: Change) -> Iterator[str]:
    name = change.key.name
    for old, new in change.altered:
        yield f"    ~ {value_in_words(name, old)} → {value_in_words(name, new)}"
    yield from (f"    + {value_in_words(name, each)}" for each in change.added)
    yield from (f"    - {value_in_words(name, each)}" for each in change.removed)


def _told(name: str, fact: Fact[Any]) -> str:
    """Return a fact in words; of a list that became known, or no longer is, only its length."""
    if isinstance(fact, Known) and isinstance(fact.value, tuple):
        return f"{len(fact.value)} known" if fact.value else "none"
    return fact_in_words(name, fact)


def _rows(change: Change) -> Iterator[dict[str, Any]]:
    name = change.key.name
    if not (change.added or change.removed or change.altered):
        before, after = _told(name, change.before), _told(name, change.after)
        yield {"fact": name, "what": "changed", "before": before, "after": after}
        return
    for old, new in change.altered:
        words = {"before": value_in_words(name, old), "after": value_in_words(name, new)}
        yield {"fact": name, "what": "altered", **words}
    for each in change.added:
        yield {"fact": name, "what": "added", "after": value_in_words(name, each)}
    for each in change.removed:
        yield {"fact": name, "what": "removed", "before": value_in_words(name, each)}


def _state(title: str, at: Any) -> dict[str, Any]:
    return {"title": title, "at": at.isoformat() if at else None}


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {"fact": change.key.name}
    if change.added or change.removed or change.altered:
        return {
            **told,
            "added": [to_plain(each) for each in change.added],
            "removed": [to_plain(each) for each in change.removed],
            "altered": [[to_plain(old), to_plain(new)] for old, new in change.altered],
        }
    return {**told, "before": _plain(change, change.before), "after": _plain(change, change.after)}


def _plain(change: Change, fact: Fact[Any]) -> dict[str, Any]:
    if isinstance(fact, Known):
        return {"value": to_plain(fact.value, change.key.kind)}
    return {"unknown": fact.reason.value, "detail": fact.detail}
