"""Where all servers stand, told again as it was told last: only while nothing at all has changed.

What they were judged by is read anew each time (the store, the estate's files, the program), and
compared as one digest; nothing of it is put together or judged. Kept in the user's own cache, for
looking alone: nothing that acts reads it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from inventory.store.sameness import sameness
from migrate.cache import cache_file, keep
from migrate.model.standing import Standing, Turn

if TYPE_CHECKING:
    from inventory.estate import Estate
    from inventory.store.store import Store
    from migrate.standings import Remembered

_PROGRAM: Final = ("inventory", "migrate", "playbooks")
_OWN: Final = ("playbooks", "checks", "collectors")
"""The estate's folders of which something may be read to judge."""
_COMPILED: Final = "__pycache__"
_PLAN: Final = "plan"
_VERDICT: Final = "verdict"


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that status told, and what it was told by."""

    key: str
    """Digest of everything that it was judged by, but the time."""
    since: datetime | None
    """When the last of it was judged; None when none hangs on time."""
    until: datetime | None
    """The first moment at which time alone may change any of it; None when it cannot."""
    standings: tuple[Standing, ...]
    believed: frozenset[int]
    """Which of them, by number, rest on signatures that were believed, and not verified."""


def shown(standings: Iterable[Standing], few: int | None) -> Iterator[int]:
    """Yield the numbers of the first few standings of each turn; of all of them without ``few``."""
    seen = dict.fromkeys(Turn, 0)
    for at, each in enumerate(standings):
        seen[each.turn] += 1
        if few is None or seen[each.turn] <= few:
            yield at


def key_of(estate: Estate, store: Store, environment: Mapping[str, str]) -> str:
    """Return the digest of everything that status judges by, but the time.

    Raises:
        StoreError: the database cannot be read.

    """
    found = hashlib.sha256(sameness(store, kinds=(_PLAN, _VERDICT), whole=(_PLAN,)).encode())
    settings = sorted(each for each in environment.items() if each[0].startswith("DECANT_"))
    for part in (*_program(), *_files(estate), *map(repr, settings)):
        found.update(part.encode("utf-8", "surrogateescape") + b"\n")
    return found.hexdigest()


def _program() -> Iterator[str]:
    """Yield name, size and time of every file of the program."""
    for package in _PROGRAM:
        for folder, _, names in sorted(os.walk(str(files(package)))):
            if not folder.endswith(_COMPILED):  # each start may write there
                yield from (_like(Path(folder, name)) for name in sorted(names))


def _like(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:  # an editor's own file, gone by now; whoever needs it says what is wrong
        return f"{path} is not there"
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def _files(estate: Estate) -> Iterator[str]:
    """Yield the name and the digest of every file of the estate by which may be judged."""
    paths = [estate.file]
    for each in _OWN:
        paths += sorted(path for path in estate.own(each).rglob("*") if _COMPILED not in path.parts)
    for path in paths:
        if path.is_file():
            yield f"{path} {_digest(path)}"


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "cannot be read"


@dataclass(frozen=True, kw_only=True)
class Still:
    """Where it is kept what status told last, and what everything is like now."""

    path: Path
    key: str
    """Digest of everything that status judges by, but the time; taken before it judges."""

    def told_again(
        self, now: datetime, *, wave: int | None, few: int | None
    ) -> tuple[Standing, ...] | None:
        """Return what status tells, as it was told last; None when it has to be judged anew.

        So it has when anything changed, when time may have changed it, when a server is to be shown
        of which signatures were only believed, and when what is kept cannot be read.
        """
        try:
            told = msgspec.json.decode(self.path.read_bytes(), type=Told)
        except (OSError, ValueError):
            return None
        early, late = told.since and now < told.since, told.until and now >= told.until
        if told.key != self.key or early or late:
            return None
        numbers = [at for at, each in enumerate(told.standings) if wave in {None, each.wave}]
        found = tuple(told.standings[at] for at in numbers)
        if any(numbers[at] in told.believed for at in shown(found, few)):
            return None
        return found

    def keep(self, standings: Iterable[tuple[Standing, Remembered | None]]) -> None:
        """Keep what is told of all servers, each with what is remembered of it where it moves."""
        told = tuple(standings)
        untils = (each.until for _, each in told if each and each.until)
        sinces = (each.since for _, each in told if each)
        whole = Told(
            key=self.key,
            since=max(sinces, default=None),
            until=min(untils, default=None),
            standings=tuple(standing for standing, _ in told),
            believed=frozenset(
                at for at, (_, each) in enumerate(told) if each and not each.verified
            ),
        )
        keep(self.path, msgspec.json.encode(whole))


def open_still(estate: Estate, store: Store, environment: Mapping[str, str]) -> Still:
    """Look what everything is like now.

    Raises:
        StoreError: the database cannot be read.

    """
    return Still(
        path=cache_file(estate, environment, "status-told"),
        key=key_of(estate, store, environment),
    )
