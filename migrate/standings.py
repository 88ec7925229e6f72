"""Where servers stood when they were last looked at: judged anew only where something changed.

It is kept in the user's own cache, for looking alone: nothing that acts reads it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from inventory.estate import Estate
from inventory.store.chain import START
from migrate.cache import cache_file, keep
from migrate.model.case import Case
from migrate.model.evidence import Approval, Evidence, Waiver
from migrate.model.standing import Standing, Turn

_WINDOW = timedelta(minutes=10)
"""How long is remembered what hangs on the hours in which an act may be done."""
_JUDGES = ("", "model", "ledger")
"""Folders whose files decide where a server stands: when any of them is another program, all is
judged anew."""


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Where one server stood."""

    key: str
    """Digest of everything that it was judged by, but the time; empty where it is not kept."""
    since: datetime
    """When it was judged: what is told of earlier moments, by a clock that was set back, it is
    not."""
    until: datetime | None
    """The first moment at which time alone may change it; None when it cannot."""
    standing: Standing
    verified: bool
    """Whether the signatures that it rests on were verified; otherwise they were believed."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What is remembered of an estate."""

    walked: int
    """How many entries of the ledger's chain were walked, and found whole."""
    head: str
    """Digest of the last of them."""
    servers: Mapping[str, Remembered]
    """By id."""

    def standing(self, server_id: str, key: str, now: datetime) -> Remembered | None:
        """Return where a server stands, when nothing has changed since."""
        found = self.servers.get(server_id)
        if found is None or found.key != key or now < found.since:
            return None
        return None if found.until is not None and now >= found.until else found


NOTHING = Memory(walked=0, head=START, servers={})


@dataclass(kw_only=True)
class Standings:
    """What is remembered of an estate, and where; without a path, for one run."""

    path: Path | None = None
    memory: Memory = NOTHING

    def keep(self, memory: Memory) -> None:
        """Keep this, and nothing else; what cannot be written is not kept."""
        if memory == self.memory:
            return
        self.memory = memory
        if self.path:
            keep(self.path, msgspec.json.encode(memory))


def open_standings(estate: Estate, environment: Mapping[str, str]) -> Standings:
    """Return what is remembered of an estate: nothing, when nothing can be read."""
    path = cache_file(estate, environment, "status")
    try:
        memory = msgspec.json.decode(path.read_bytes(), type=Memory)
    except (OSError, ValueError):
        memory = NOTHING
    return Standings(path=path, memory=memory)


def judges() -> str:
    """Return the digest of the program that decides where a server stands."""
    found = hashlib.sha256()
    for each in judging_files():
        found.update(each.read_bytes())
    return found.hexdigest()


def judging_files() -> tuple[Path, ...]:
    """Return the files of that program, in order."""
    here = Path(__file__).parent
    return tuple(sorted(path for folder in _JUDGES for path in (here / folder).glob("*.py")))


def changes_at(case: Case, standing: Standing) -> datetime | None:
    """Return the first moment after a case's own at which time alone may change its standing."""
    said: list[Evidence | Approval | Waiver] = [*case.evidence, *case.approvals, *case.waivers]
    moments = [moment for each in said for moment in (each.at, each.expires)]
    moments += [moment for each in case.freezes for moment in (each.start, each.end)]
    moments += [standing.until] if standing.until else []
    if standing.turn in {Turn.ACT, Turn.WAIT} and any(
        each.windows for each in case.playbook.stages
    ):
        moments.append(case.now + _WINDOW)
    return min((each for each in moments if each > case.now), default=None)
