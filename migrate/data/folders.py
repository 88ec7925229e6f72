"""Compare two folders on two servers: what lies there, how it is described, what files hold."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase

from inventory.amount import amount
from migrate.data.model import CannotTellError, LostError
from migrate.data.trees import Entry, Tell, Tree, look_at, read, said
from migrate.model.check import Memory

_BATCH_FILES = 2_000
_BATCH_BYTES = 1 << 30
_SAMPLE_OF = 10_000


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is compared, and how."""

    ignore: tuple[str, ...] = ()
    """Patterns of paths below the folder."""
    owners: bool = True
    permissions: bool = True
    times: bool = True
    """Whether files must have been changed at the same second."""
    share: float = 1.0
    """Which part of the files is read, chosen by a hash of each one's path."""
    part_seconds: float = 600
    """How long the server may take for one look or one batch."""
    pause_seconds: float = 0
    until: float = 0
    """When to stop, by the monotonic clock."""

    def ignores(self, name: bytes) -> bool:
        """Tell whether a path, or a folder that it is in, is left out."""
        parts = name.split(b"/")
        above = [said(b"/".join(parts[:end])) for end in range(1, len(parts) + 1)]
        return any(fnmatchcase(path, each) for path in above for each in self.ignore)

    def samples(self, name: bytes) -> bool:
        """Tell whether a file is read."""
        number = int.from_bytes(hashlib.sha256(name).digest()[:8], "big") % _SAMPLE_OF
        return number < self.share * _SAMPLE_OF


@dataclass(frozen=True, kw_only=True)
class Folders:
    """What comparing two folders came to."""

    files: int
    """In the old folder."""
    size: int
    """Bytes, of the files in the old folder."""
    entries: int
    """Files, folders, links and others in the old folder."""
    read: int
    """Files whose content was compared, now or before."""
    remembered: int
    """Of those, files read by an earlier run that nothing has touched since."""
    ignored: int
    differences: tuple[tuple[str, str], ...]
    """Path, and what differs."""
    untold: tuple[str, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Two:
    """A folder on the old server, and the one on the new server that stands in its place."""

    old: Tell
    new: Tell
    old_folder: str
    new_folder: str

    def look(self, terms: Terms) -> tuple[Tree, Tree]:
        """List both at once."""
        with ThreadPoolExecutor(2) as pool:
            old = pool.submit(look_at, self.old, self.old_folder, terms.part_seconds)
            new = pool.submit(look_at, self.new, self.new_folder, terms.part_seconds)
        return old.result(), new.result()


def compare_folders(two: Two, terms: Terms, memory: Memory, key: str) -> Folders:
    """Compare two folders; what was read is remembered by what each file is like on both sides.

    Files are listed once more at the end: one that changed meanwhile is not told.

    Raises:
        CannotTellError: one of them cannot be listed.

    """
    old, new = two.look(terms)
    before, after = kept(old, terms), kept(new, terms)
    differences = list(_described(before, after, terms, old.tools & new.tools))
    reading = _Reading(two=two, terms=terms, before=before, after=after)
    reading.recall(memory.recall(key))
    try:
        reading.read_all()
    finally:
        memory.keep(key, reading.remembering())
    untold = [*reading.untold, *_unseen("old", old), *_unseen("new", new)]
    if not reading.lost:
        untold += _changed(two, terms, before, after)
    differences += reading.differences
    files = [each for each in before.values() if each.kind == "f"]
    return Folders(
        files=len(files),
        size=sum(each.size for each in files),
        entries=len(before),
        read=len(reading.same) + len(reading.differences),
        remembered=reading.remembered,
        ignored=len(old.entries) - len(before),
        differences=tuple((said(name), words) for name, words in sorted(differences)),
        untold=tuple(untold),
        aside=_aside(old, new),
    )


@dataclass
class _Reading:
    """The reading of files, as it goes on."""

    two: Two
    terms: Terms
    before: Mapping[bytes, Entry]
    after: Mapping[bytes, Entry]

    def __post_init__(self) -> None:
        self.same: dict[bytes, str] = {}
        """Path → what the file was like on both sides when it was found to be the same."""
        self.differences: list[tuple[bytes, str]] = []
        self.untold: list[str] = []
        self.remembered = 0
        self.lost = False
        self._earlier: dict[str, str] = {}

    def recall(self, text: str | None) -> None:
        """Take over what an earlier run found of files that nothing has touched since."""
        self._earlier = json.loads(text) if text else {}

    def remembering(self) -> str:
        """Return what to remember."""
        return json.dumps({word_of(name): like for name, like in self.same.items()})

    def read_all(self) -> None:
        """Read the files that both sides have in the same size, unless an earlier run did."""
        waiting: list[bytes] = []
        for name, entry in self.before.items():
            if entry.kind != "f" or not self.terms.samples(name):
                continue
            other = self.after.get(name)
            if other is None or (other.kind, other.size) != (entry.kind, entry.size):
                continue
            if self._earlier.get(word_of(name)) == self._like(name):
                self.same[name] = self._like(name)
                self.remembered += 1
            else:
                waiting.append(name)
        for batch in batches(waiting, self.before):
            try:
                self._read(batch)
            except CannotTellError as error:
                left = len(waiting) - (len(self.same) - self.remembered) - len(self.differences)
                self.untold.append(f"{left} files were not read: {error}")
                self.lost = isinstance(error, LostError)
                return

    def _read(self, batch: Sequence[bytes]) -> None:
        if time.monotonic() >= self.terms.until:
            raise LostError("the time allowed is over; run it again to carry on")
        seconds, two = self.terms.part_seconds, self.two
        with ThreadPoolExecutor(2) as pool:
            ours = pool.submit(read, two.old, two.old_folder, batch, seconds)
            theirs = pool.submit(read, two.new, two.new_folder, batch, seconds)
        old, new = ours.result().found, theirs.result().found
        for name in batch:
            if name not in old or name not in new:
                side = "new" if name in old else "old"
                self.untold.append(f"{said(name)} could not be read on the {side} server")
            elif old[name] == new[name]:
                self.same[name] = self._like(name)
            else:
                self.differences.append((name, "holds something else"))
        time.sleep(self.terms.pause_seconds)

    def _like(self, name: bytes) -> str:
        sides = (self.before[name], self.after[name])
        like = " ".join(f"{each.size} {each.changed} {each.stamp}" for each in sides)
        return word_of(like.encode())


def word_of(name: bytes) -> str:
    """Return a short word for a path, for a memory."""
    return hashlib.sha256(name).hexdigest()[:32]


def kept(tree: Tree, terms: Terms) -> dict[bytes, Entry]:
    """Return the entries that are not left out."""
    return {name: each for name, each in tree.entries.items() if not terms.ignores(name)}


def batches(names: Iterable[bytes], entries: Mapping[bytes, Entry]) -> Iterator[list[bytes]]:
    """Divide files into batches that can be read in one go."""
    batch: list[bytes] = []
    size = 0
    for name in names:
        if batch and (len(batch) >= _BATCH_FILES or size + entries[name].size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(name)
        size += entries[name].size
    if batch:
        yield batch


def _described(
    before: Mapping[bytes, Entry],
    after: Mapping[bytes, Entry],
    terms: Terms,
    tools: frozenset[str],
) -> Iterator[tuple[bytes, str]]:
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if new is None:
            yield name, "is missing"
        elif old is None:
            yield name, "is not in the old one"
        else:
            words = list(_differs(old, new, terms, has_extra=tools == {"acl", "xattr"}))
            if words:
                yield name, ", ".join(words)


def _differs(old: Entry, new: Entry, terms: Terms, *, has_extra: bool) -> Iterator[str]:
    if old.kind != new.kind:
        yield f"is of kind {new.kind}, not {old.kind}"
        return
    if old.kind == "f" and old.size != new.size:
        yield f"has {new.size} bytes, not {old.size}"
    if old.link != new.link:
        yield f"leads to {said(new.link)}, not {said(old.link)}"
    if terms.permissions and old.kind != "l" and old.mode != new.mode:
        yield f"has permissions {new.mode}, not {old.mode}"
    if terms.owners and (old.user, old.group) != (new.user, new.group):
        yield f"belongs to {new.user}:{new.group}, not {old.user}:{old.group}"
    if terms.permissions and has_extra and old.extra != new.extra:
        yield "has another access list or other attributes"
    if terms.times and old.kind == "f" and _second(old) != _second(new):
        yield "was changed at another time"


def _second(entry: Entry) -> str:
    return entry.changed.partition(".")[0]


def _unseen(side: str, tree: Tree) -> Iterator[str]:
    root = tree.entries[b""].device
    yield from (f"{each} ({side} server)" for each in tree.unread)
    mounted = [name for name, each in tree.entries.items() if each.device != root]
    for name in mounted:
        yield f"{said(name)} is another file system on the {side} server: name it by itself"


def _aside(old: Tree, new: Tree) -> tuple[str, ...]:
    if old.tools & new.tools == {"acl", "xattr"}:
        return ()
    return ("access lists and attributes: getfacl or getfattr is missing on one of the servers",)


def _changed(
    two: Two, terms: Terms, before: Mapping[bytes, Entry], after: Mapping[bytes, Entry]
) -> list[str]:
    try:
        old, new = two.look(terms)
    except CannotTellError as error:
        return [f"whether files changed meanwhile: {error}"]
    words = []
    for side, then, now in (("old", before, kept(old, terms)), ("new", after, kept(new, terms))):
        names = [
            name for name in then.keys() | now.keys() if touched(then.get(name), now.get(name))
        ]
        if names:
            named = ", ".join(said(name) for name in sorted(names)[:5])
            changed = amount(len(names), "entry", "entries") + " changed"
            words.append(f"{changed} meanwhile on the {side} server: {named}")
    return words


def touched(then: Entry | None, now: Entry | None) -> bool:
    """Tell whether an entry came, went or changed between two looks."""
    return then is None or now is None or (then.size, then.stamp) != (now.size, now.stamp)
