"""Compare a folder on a server with the objects of a bucket: by key, size and checksum."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from inventory.amount import amount
from inventory.errors import DecantError
from migrate.data.folders import Terms, batches, kept, touched, word_of
from migrate.data.model import CannotTellError, LostError
from migrate.data.trees import Entry, Tell, look_at, read, said
from migrate.model.check import Memory
from migrate.model.objects import Checksums, ObjectStore, StoredObject

_MOST_FAILURES = 5
"""Of one batch: who fails more often does not answer at all."""


@dataclass
class Bucketful:
    """What comparing a folder with a bucket came to."""

    files: int = 0
    size: int = 0
    """Bytes, of the files in the folder."""
    remembered: int = 0
    differences: list[tuple[str, str]] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Against:
    """A folder on the old server, and the bucket that stands in its place."""

    tell: Tell
    folder: str
    store: ObjectStore
    read_back: bool
    """Whether objects of which the store keeps no checksum are read whole."""


@dataclass
class Patience:
    """With a store that does not tell some of a batch's objects."""

    failures: int = 0

    def reason(self, error: DecantError) -> str:
        """Say why an object is not told, with what may help.

        Raises:
            CannotTellError: it is one too many: the store does not answer at all.

        """
        self.failures += 1
        if self.failures > _MOST_FAILURES:
            raise CannotTellError(f"too many cannot be read: {_words(error)}") from error
        return _words(error)


def compare_bucket(against: Against, terms: Terms, memory: Memory, key: str) -> Bucketful:
    """Compare a folder with a bucket.

    Raises:
        CannotTellError: one of them cannot be listed.

    """
    tree = look_at(against.tell, against.folder, terms.part_seconds)
    before = kept(tree, terms)
    objects = listed(against.store)
    files = {name: each for name, each in before.items() if each.kind == "f"}
    found = Bucketful(files=len(files), size=sum(each.size for each in files.values()))
    others = sum(each.kind not in {"f", "d"} for each in before.values())
    if others:
        found.aside.append(f"{others} links and special files, which no bucket holds")
    found.untold += [f"{each} (old server)" for each in tree.unread]
    device = tree.entries[b""].device
    found.untold += [
        f"{said(name)} is another file system: name it by itself"
        for name, each in tree.entries.items()
        if each.device != device
    ]
    sizes = {name: each.size for name, each in files.items()}
    same = by_name(sizes, objects, terms, found)
    earlier = json.loads(memory.recall(key) or "{}")
    proved: dict[str, str] = {}
    waiting = []
    for name in same:
        like = _like(files[name], objects[name.decode()])
        if earlier.get(word_of(name)) == like:
            proved[word_of(name)] = like
            found.remembered += 1
        else:
            waiting.append(name)
    try:
        for batch in batches(waiting, files):
            if time.monotonic() >= terms.until:
                raise LostError("the time allowed is over; run it again to carry on")
            for name in _read(against, batch, terms, found):
                proved[word_of(name)] = _like(files[name], objects[name.decode()])
            time.sleep(terms.pause_seconds)
    except CannotTellError as error:
        found.untold.append(f"not every file was read: {error}")
    finally:
        memory.keep(key, json.dumps(proved))
    _look_again(against, terms, before, objects, found)
    return found


def listed(store: ObjectStore) -> Mapping[str, StoredObject]:
    """List a store's objects.

    Raises:
        CannotTellError: they cannot be listed.

    """
    with told():
        return store.listed()


@contextmanager
def told() -> Iterator[None]:
    """Let a store that does not tell something be a reason why it cannot be compared."""
    try:
        yield
    except DecantError as error:
        raise CannotTellError(_words(error)) from error


def _words(error: DecantError) -> str:
    return "; ".join(filter(None, [str(error), error.hint]))


def by_name(
    sizes: Mapping[bytes, int],
    objects: Mapping[str, StoredObject],
    terms: Terms,
    found: Bucketful,
) -> list[bytes]:
    """Note what only one of them has, and sizes that differ; return what may be the same."""
    same = []
    names = {name.decode("utf-8", "surrogateescape"): name for name in sizes}
    for key in sorted(objects.keys() - names.keys()):
        if not terms.ignores(key.encode()):
            found.differences.append((said(key.encode()), "is not in the old one"))
    for key, name in sorted(names.items()):
        if key not in objects:
            found.differences.append((said(name), "is missing"))
        elif objects[key].size != sizes[name]:
            words = f"has {objects[key].size} bytes, not {sizes[name]}"
            found.differences.append((said(name), words))
        else:
            same.append(name)
    return same


def _read(against: Against, batch: Sequence[bytes], terms: Terms, found: Bucketful) -> list[bytes]:
    """Compare the content of some files; return those that are the same."""
    with told():
        sums = against.store.checksums([name.decode() for name in batch])
    patience = Patience()
    theirs = {name: _theirs(against, name, sums[name.decode()], patience) for name in batch}
    same = []
    for method in ("sha256", "md5"):
        names = [name for name, (kind, _) in theirs.items() if kind == method]
        if not names:
            continue
        ours = read(against.tell, against.folder, names, terms.part_seconds, method).found
        for name in names:
            if name not in ours:
                found.untold.append(f"{said(name)} could not be read on the old server")
            elif ours[name] == theirs[name][1]:
                same.append(name)
            else:
                found.differences.append((said(name), "holds something else"))
    found.untold += [f"{said(name)}: {why}" for name, (kind, why) in theirs.items() if not kind]
    return same


def _theirs(against: Against, name: bytes, sums: Checksums, patience: Patience) -> tuple[str, str]:
    """Return which checksum is known of an object, and what it is; no kind, and why none is."""
    if sums.sha256:
        return "sha256", sums.sha256
    if sums.md5:
        return "md5", sums.md5
    if not against.read_back:
        return "", f"{sums.why_none}; set read_back to read it whole"
    try:
        return "sha256", against.store.read_whole(name.decode()).sha256 or ""
    except DecantError as error:
        return "", patience.reason(error)


def _like(entry: Entry, stored: StoredObject) -> str:
    like = f"{entry.size} {entry.changed} {entry.stamp} {stored.size} {stored.mark}"
    return hashlib.sha256(like.encode()).hexdigest()[:32]


def _look_again(
    against: Against,
    terms: Terms,
    before: Mapping[bytes, Entry],
    objects: Mapping[str, StoredObject],
    found: Bucketful,
) -> None:
    try:
        now = kept(look_at(against.tell, against.folder, terms.part_seconds), terms)
        later = listed(against.store)
    except CannotTellError as error:
        found.untold.append(f"whether files changed meanwhile: {error}")
        return
    names = [
        name for name in before.keys() | now.keys() if touched(before.get(name), now.get(name))
    ]
    if names:
        named = ", ".join(said(name) for name in sorted(names)[:5])
        changed = amount(len(names), "entry", "entries") + " changed"
        found.untold.append(f"{changed} meanwhile on the old server: {named}")
    if later != objects:
        found.untold.append("the bucket changed meanwhile")
