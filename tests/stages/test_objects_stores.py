"""Two object stores are compared, whatever each of them keeps of its objects."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sights import HeldMemory

from inventory.errors import PartlyUnknownError
from inventory.model.asking import Access, Limits, Reply
from migrate.data.buckets import Against, Bucketful, compare_bucket
from migrate.data.folders import Terms
from migrate.data.model import CannotTellError
from migrate.data.stores import Between, compare_stores
from migrate.model.objects import Checksums, StoredObject, checksums_of
from migrate.questioning import ask_server

Objects = dict[str, tuple[bytes, str]]
"""Content, and which checksum is kept: sha256, md5, both, none."""


@dataclass(kw_only=True)
class MadeStore:
    """A store in memory."""

    objects: Objects
    read: list[str] = field(default_factory=list)
    broken: frozenset[str] = frozenset()
    """What cannot be read."""
    after_listing: Callable[[], None] = lambda: None

    def listed(self) -> Mapping[str, StoredObject]:
        """List them; a mark is the content's hash."""
        found = {
            name: StoredObject(size=len(body), mark=hashlib.sha256(body).hexdigest())
            for name, (body, _) in self.objects.items()
        }
        self.after_listing()
        return found

    def checksums(self, keys: Sequence[str]) -> Mapping[str, Checksums]:
        """Return what is kept."""
        return {key: kept(*self.objects[key]) for key in keys}

    def read_whole(self, key: str) -> Checksums:
        """Read one."""
        self.read.append(key)
        if key in self.broken:
            raise PartlyUnknownError("it is archived")
        return checksums_of([self.objects[key][0]])


def kept(body: bytes, kind: str) -> Checksums:
    """Return what a store keeps of a content."""
    whole = checksums_of([body])
    return Checksums(
        sha256=whole.sha256 if kind in {"sha256", "both"} else None,
        md5=whole.md5 if kind in {"md5", "both"} else None,
        why_none="nothing is kept" if kind == "none" else "",
    )


def compare(
    old: MadeStore,
    new: MadeStore,
    *,
    read_back: bool = False,
    memory: HeldMemory | None = None,
    seconds: float = 60,
) -> Bucketful:
    """Compare two of them."""
    between = Between(old=old, new=new, read_back=read_back)
    terms = Terms(until=time.monotonic() + seconds)
    return compare_stores(between, terms, memory or HeldMemory(), "key")


def tell(script: str, seconds: float) -> Reply:
    """Ask this machine, as the old server is asked."""
    return ask_server(Access(), Limits(), "local", script, seconds=seconds, most_bytes=1 << 20)


CONTENTS = st.sampled_from([b"", b"a", b"b", b"ab"])
KINDS = st.sampled_from(["sha256", "md5", "both", "none"])
OBJECTS = st.dictionaries(st.sampled_from("vwxyz"), st.tuples(CONTENTS, KINDS))


@given(old=OBJECTS, new=OBJECTS)
def test_read_back_tells_exactly_what_differs(old: Objects, new: Objects) -> None:
    """Whatever either keeps; and nothing is read whose checksums could be compared."""
    stores = MadeStore(objects=old), MadeStore(objects=new)
    found = compare(*stores, read_back=True)
    differing = {
        name for name in old.keys() | new.keys() if old.get(name, " ")[0] != new.get(name, " ")[0]
    }
    assert {name for name, _ in found.differences} == differing
    assert found.untold == []
    for store, other in (stores, stores[::-1]):
        for name in store.read:
            mine, theirs = store.objects[name][1], other.objects[name][1]
            assert {mine, theirs} in ({"sha256", "md5"}, {"none"}) or mine == "none"


@given(old=OBJECTS, new=OBJECTS)
def test_without_reading_nothing_is_wrongly_the_same_or_different(
    old: Objects, new: Objects
) -> None:
    """What cannot be compared is told by name; nothing is read."""
    stores = MadeStore(objects=old), MadeStore(objects=new)
    found = compare(*stores)
    different = {name for name, _ in found.differences}
    untold = {each.partition(":")[0] for each in found.untold}
    for name in old.keys() & new.keys():
        (mine, kind), (theirs, other) = old[name], new[name]
        if len(mine) == len(theirs):
            can = (
                "both" in {kind, other} and "none" not in {kind, other}
            ) or kind == other != "none"
            assert (name in untold) is not can
            assert (name in different) is (can and mine != theirs)
    assert not stores[0].read + stores[1].read


def test_one_that_cannot_be_read_does_not_hide_the_others() -> None:
    """It is named, and the next ones are compared."""
    objects = dict.fromkeys("abc", (b"a", "none"))
    new = MadeStore(objects=objects | {"c": (b"b", "none")}, broken=frozenset("a"))
    found = compare(MadeStore(objects=objects), new, read_back=True)
    assert found.untold == ["a: it is archived"]
    assert found.differences == [("c", "holds something else")]


def test_of_a_folder_s_copy_as_well(tmp_path: Path) -> None:
    """An object that cannot be read is named; the others are compared."""
    for name in "abc":
        (tmp_path / name).write_bytes(b"a")
    objects = dict.fromkeys("ab", (b"a", "none")) | {"c": (b"b", "none")}
    store = MadeStore(objects=objects, broken=frozenset("a"))
    against = Against(tell=tell, folder=str(tmp_path), store=store, read_back=True)
    found = compare_bucket(against, Terms(until=time.monotonic() + 60), HeldMemory(), "key")
    assert found.untold == ["a: it is archived"]
    assert found.differences == [("c", "holds something else")]
    many = MadeStore(objects={f"{each:02}": (b"a", "none") for each in range(20)})
    many.broken = frozenset(many.objects)
    for name in many.objects:
        (tmp_path / "many" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "many" / name).write_bytes(b"a")
    against = Against(tell=tell, folder=str(tmp_path / "many"), store=many, read_back=True)
    found = compare_bucket(against, Terms(until=time.monotonic() + 60), HeldMemory(), "key")
    assert found.untold == ["not every file was read: too many cannot be read: it is archived"]
    assert len(many.read) == 6


def test_a_store_that_fails_again_and_again_is_left() -> None:
    """What was proved before is kept, and not read again by the next run."""
    objects = {f"{each:02}": (b"a", "none") for each in range(20)}
    broken = frozenset(sorted(objects)[5:])
    memory, old = HeldMemory(), MadeStore(objects=objects)
    new = MadeStore(objects=objects, broken=broken)
    found = compare(old, new, read_back=True, memory=memory)
    assert (
        found.untold[-1] == "not every object was compared: too many cannot be read: it is archived"
    )
    assert len(new.read) == 11
    again = MadeStore(objects=objects)
    found = compare(old, again, read_back=True, memory=memory)
    assert (found.remembered, found.untold, found.differences) == (5, [], [])
    assert len(again.read) == 15


def test_what_changed_is_read_again() -> None:
    """A proof is of both sides' marks."""
    memory = HeldMemory()
    old = MadeStore(objects={"a": (b"a", "md5"), "b": (b"b", "md5")})
    compare(old, MadeStore(objects=dict(old.objects)), memory=memory)
    found = compare(old, MadeStore(objects=old.objects | {"a": (b"x", "md5")}), memory=memory)
    assert found.remembered == 1
    assert found.differences == [("a", "holds something else")]


@pytest.mark.parametrize("side", ["old", "new"])
def test_what_changes_meanwhile_is_unknown(side: str) -> None:
    """On either side: what was compared is no longer what is there."""
    stores = {each: MadeStore(objects={"a": (b"a", "md5")}) for each in ("old", "new")}
    later: Objects = {"a": (b"a", "md5"), "b": (b"b", "md5")}
    stores[side].after_listing = lambda: stores[side].objects.update(later)
    found = compare(stores["old"], stores["new"])
    assert found.untold == [f"the {side} bucket changed meanwhile"]


def test_time_that_is_over_is_unknown() -> None:
    """Nothing is asked for any more."""
    store = MadeStore(objects={"a": (b"a", "none")})
    found = compare(store, store, read_back=True, seconds=-1)
    assert "the time allowed is over" in found.untold[0]
    assert store.read == []


def test_a_store_that_cannot_be_listed_is_a_reason() -> None:
    """With what may help."""

    def fail() -> None:
        raise PartlyUnknownError("it does not answer", hint="try again")

    store = MadeStore(objects={})
    broken = MadeStore(objects={}, after_listing=fail)
    for pair in ((store, broken), (broken, store)):
        with pytest.raises(CannotTellError, match="it does not answer; try again"):
            compare(*pair)
