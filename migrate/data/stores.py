"""Compare two object stores, whoever keeps them: by key, size and checksum."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inventory.errors import DecantError
from migrate.data.buckets import Bucketful, Patience, by_name, listed, told
from migrate.data.folders import Terms, word_of
from migrate.data.model import CannotTellError, LostError
from migrate.data.trees import said
from migrate.model.check import Memory
from migrate.model.objects import Checksums, ObjectStore, StoredObject

_BATCH = 500
"""How many objects' checksums are asked for before it is looked whether to go on."""


@dataclass(frozen=True, kw_only=True)
class Between:
    """The old store, and the one that stands in its place."""

    old: ObjectStore
    new: ObjectStore
    read_back: bool
    """Whether objects whose checksums cannot be compared are read whole."""


def compare_stores(between: Between, terms: Terms, memory: Memory, key: str) -> Bucketful:
    """Compare the objects of two stores.

    Raises:
        CannotTellError: one of them cannot be listed.

    """
    old, new = listed(between.old), listed(between.new)
    sizes = {name.encode(): each.size for name, each in old.items()}
    sizes = {name: size for name, size in sizes.items() if not terms.ignores(name)}
    found = Bucketful(files=len(sizes), size=sum(sizes.values()))
    same = [name.decode() for name in by_name(sizes, new, terms, found)]
    earlier = json.loads(memory.recall(key) or "{}")
    proved = {
        word_of(name.encode()): like
        for name in same
        if earlier.get(word_of(name.encode())) == (like := _like(old[name], new[name]))
    }
    found.remembered = len(proved)
    waiting = [name for name in same if word_of(name.encode()) not in proved]
    try:
        for start in range(0, len(waiting), _BATCH):
            for name in _compare(between, waiting[start : start + _BATCH], terms, found):
                proved[word_of(name.encode())] = _like(old[name], new[name])
            time.sleep(terms.pause_seconds)
    except CannotTellError as error:
        found.untold.append(f"not every object was compared: {error}")
    finally:
        memory.keep(key, json.dumps(proved))
    _look_again(between, old, new, found)
    return found


def _compare(
    between: Between, batch: Sequence[str], terms: Terms, found: Bucketful
) -> Iterator[str]:
    """Compare the content of some objects; yield those that are the same, one by one."""
    _be_in_time(terms)
    with told():
        old, new = between.old.checksums(batch), between.new.checksums(batch)
    patience = Patience()
    for name in batch:
        try:
            ours, theirs = _comparable(between, name, terms, (old[name], new[name]))
        except DecantError as error:
            found.untold.append(f"{said(name.encode())}: {patience.reason(error)}")
            continue
        verdict = _is_same(ours, theirs)
        if verdict:
            yield name
        elif verdict is False:
            found.differences.append((said(name.encode()), "holds something else"))
        else:
            why = ours.why_none or theirs.why_none or "the two keep different kinds of checksum"
            words = f"{said(name.encode())}: {why}; set read_back to read it whole"
            found.untold.append(words)


def _comparable(
    between: Between, name: str, terms: Terms, kept: tuple[Checksums, Checksums]
) -> tuple[Checksums, Checksums]:
    """Return what the stores keep; where that cannot be compared, what was read where allowed."""
    old, new = kept
    if not between.read_back or _is_same(old, new) is not None:
        return kept
    _be_in_time(terms)
    # What is read has checksums of each kind: what the other store keeps is enough then.
    if old.why_none:
        old = between.old.read_whole(name)
    if _is_same(old, new) is None:
        new = between.new.read_whole(name)
    return old, new


def _is_same(old: Checksums, new: Checksums) -> bool | None:
    """Say whether two contents are the same; None when their checksums cannot be compared."""
    if old.sha256 and new.sha256:
        return old.sha256 == new.sha256
    return old.md5 == new.md5 if old.md5 and new.md5 else None


def _be_in_time(terms: Terms) -> None:
    if time.monotonic() >= terms.until:
        raise LostError("the time allowed is over; run it again to carry on")


def _look_again(
    between: Between,
    old: Mapping[str, StoredObject],
    new: Mapping[str, StoredObject],
    found: Bucketful,
) -> None:
    for store, before, words in ((between.old, old, "old"), (between.new, new, "new")):
        try:
            if listed(store) != before:
                found.untold.append(f"the {words} bucket changed meanwhile")
        except CannotTellError as error:
            found.untold.append(f"whether the {words} bucket changed meanwhile: {error}")


def _like(old: StoredObject, new: StoredObject) -> str:
    like = f"{old.size} {old.mark} {new.size} {new.mark}"
    return hashlib.sha256(like.encode()).hexdigest()[:32]
