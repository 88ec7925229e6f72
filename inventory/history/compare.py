"""Two states of the estate → what appeared, vanished and changed."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from inventory.history.sameness import RESTLESS, identity_of, settled
from inventory.model.difference import (
    Change,
    Difference,
    EstateState,
    Fate,
    ServerDifference,
    ServerState,
)
from inventory.model.fact import Fact, FactKey, Facts, Known, Reason, Unknown

_Alike = Callable[[object, object], bool]


def compare(before: EstateState, after: EstateState, *, restless: bool = False) -> Difference:
    """Return what became of each server. ``restless`` compares what comes and goes by itself too.

    A fact that one of the states does not speak of at all is not compared: a question that is new
    changes nothing on a server.
    """
    told = [
        _difference(before.servers.get(server_id), after.servers.get(server_id), restless=restless)
        for server_id in {**before.servers, **after.servers}
    ]
    listed = sorted(
        (each for each in told if each.fate is not Fate.SAME),
        key=lambda each: (each.name.casefold(), each.id),
    )
    return Difference(
        before=before, after=after, servers=tuple(listed), same=len(told) - len(listed)
    )


def _difference(
    before: ServerState | None, after: ServerState | None, *, restless: bool
) -> ServerDifference:
    if before is None and after is not None and after.gone:
        return _one(after, Fate.SAME)
    if before is None or (before.gone and after is not None and not after.gone):
        return _one(after or before, Fate.APPEARED)
    if after is None or (after.gone and not before.gone):
        return _one(before, Fate.VANISHED, why=after.gone if after else "")
    changes = tuple(changes_of(before.facts, after.facts, restless=restless))
    fate, why = Fate.SAME, ""
    if after.unreachable and not before.unreachable:
        fate, why = Fate.SILENT, after.unreachable.detail or after.unreachable.reason.value
    elif before.unreachable and not after.unreachable:
        fate = Fate.BACK
    elif changes or before.name != after.name:
        fate = Fate.CHANGED
    renamed = before.name if before.name != after.name else ""
    return _one(after, fate, why=why, renamed_from=renamed, changes=changes)


def _one(state: ServerState | None, fate: Fate, **more: Any) -> ServerDifference:
    if state is None:
        raise ValueError("a server is in neither state")
    return ServerDifference(id=state.id, name=state.name, fate=fate, **more)


def changes_of(before: Facts, after: Facts, *, restless: bool = False) -> Iterator[Change]:
    """Yield the facts that both speak of and that differ, by name."""
    names = before.keys() & after.keys()
    alike = operator.eq if restless else _alike
    for name in sorted(names if restless else names - RESTLESS):
        change = _change(before[name].key, before[name].fact, after[name].fact, alike)
        if change:
            yield change


def _change(key: FactKey[Any], one: Fact[Any], other: Fact[Any], alike: _Alike) -> Change | None:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return _learnt(key, one, other)
    if isinstance(one.value, tuple) and isinstance(other.value, tuple):
        return _of_lists(key, one, other, alike)
    if alike(one.value, other.value):
        return None
    return Change(key=key, before=one, after=other)


def _learnt(key: FactKey[Any], one: Fact[Any], other: Fact[Any]) -> Change | None:
    """Return that something became known, or is no longer; why it is unknown is no change."""
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return None
    if isinstance(one, Unknown) and one.reason is Reason.NOT_ASKED:
        return None
    return Change(key=key, before=one, after=other)


def _of_lists(
    key: FactKey[Any], one: Known[Any], other: Known[Any], alike: _Alike
) -> Change | None:
    removed, added, altered = [], [], []
    were, are = _by_identity(one.value), _by_identity(other.value)
    for identity in {**were, **are}:
        old, new = were.get(identity, []), are.get(identity, [])
        pairs = zip(old, new, strict=False)
        altered += [pair for pair in pairs if not alike(*pair)]
        removed += old[len(new) :]
        added += new[len(old) :]
    if not (removed or added or altered):
        return None
    return Change(
        key=key,
        before=one,
        after=other,
        added=tuple(added),
        removed=tuple(removed),
        altered=tuple(altered),
    )


def _alike(one: object, other: object) -> bool:
    return one == other or settled(one) == settled(other)


def _by_identity(parts: Iterable[Any]) -> dict[object, list[Any]]:
    """Return the parts by what makes them the same thing, those alike in the order given."""
    found: defaultdict[object, list[Any]] = defaultdict(list)
    for each in parts:
        found[identity_of(each)].append(each)
    return found
