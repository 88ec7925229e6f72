"""Where all servers that have a move stand: as remembered, or judged where something changed.

Signatures are believed of many servers at once, until somebody is to be shown what rests on them:
:meth:`Overview.verify`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from inventory.model.codec import encode
from inventory.model.server import Server
from inventory.store.chain import last_of_each
from migrate.casefile import case_of, freezes
from migrate.fingerprint import digest
from migrate.ledger.book import Ledger, read_about, uncollected, walk_on
from migrate.ledger.chain import Verification
from migrate.model.plan import Move
from migrate.model.playbook import Playbook
from migrate.sharing import share_out
from migrate.standings import Memory, Remembered, changes_at, judges
from migrate.turns import stands
from migrate.workbench import Workbench

_AT_ONCE = 200
"""How many servers are read and judged together; of so few, signatures are verified at once."""
_Judged = dict[str, Remembered]


@dataclass(kw_only=True)
class Overview:
    """Where servers stand, by their id."""

    bench: Workbench
    moves: Mapping[str, Move]
    records: Mapping[str, Sequence[str]]
    """The ids of a server's records, its own the first."""
    playbooks: Mapping[str, Playbook]
    keys: Mapping[str, str]
    """Digest of everything that a server is judged by, but the time."""
    found: _Judged
    walked: Verification
    """What walking the chain came to, as far as it was walked yet."""

    def memory(self) -> Memory:
        """Return what is to be remembered of it."""
        servers = {server: each for server, each in self.found.items() if each.key}
        return Memory(walked=self.walked.entries, head=self.walked.head, servers=servers)

    def verify(self, servers: Sequence[str]) -> None:
        """Judge servers anew, by verified signatures."""
        self._judge(servers, [], signatures=True)

    def walk_and_judge(self, servers: Sequence[str], *, signatures: bool) -> None:
        """Walk the chain on, and judge servers; all wait for somebody when it is not whole."""
        walk = partial(_walked_on, self.bench, self.walked)
        (self.walked,) = self._judge(servers, [walk], signatures=signatures)
        if self.walked.fault:
            broken = Ledger(verification=self.walked)
            self.found = {each: self._stands(each, broken) for each in self.moves}

    def _judge(
        self,
        servers: Sequence[str],
        walks: Iterable[Callable[[], Verification]],
        *,
        signatures: bool,
    ) -> list[Verification]:
        parts = [servers[at : at + _AT_ONCE] for at in range(0, len(servers), _AT_ONCE)]
        if len(parts) > 1:
            self.bench.store.close()  # its connections are this process's; it opens new ones
        tasks: list[Callable[[], Verification | _Judged]] = [*walks]
        tasks += [partial(self._judged, each, signatures=signatures) for each in parts]
        walked = []
        for found in share_out(tasks, None if len(parts) > 1 else 1):
            if isinstance(found, Verification):
                walked.append(found)
            else:
                self.found.update(found)
        return walked

    def _judged(self, servers: Sequence[str], *, signatures: bool) -> _Judged:
        records = {each: self.records[each] for each in servers}
        store, trust = self.bench.store, self.bench.trust
        with uncollected():
            ledger = read_about(store, trust, records, signatures=signatures)
            if ledger.verification.fault and len(servers) > 1:  # it is one's, and not all of theirs
                apart = [self._judged([each], signatures=signatures) for each in servers]
                return {server: found for each in apart for server, found in each.items()}
            return {each: self._stands(each, ledger, verified=signatures) for each in servers}

    def _stands(self, server_id: str, ledger: Ledger, *, verified: bool = True) -> Remembered:
        move = self.moves[server_id]
        case = case_of(self.bench, move, self.playbooks[move.playbook], ledger=ledger)
        standing = stands(case, move, ledger.of(server_id).refusals)
        return Remembered(
            key="" if case.ledger_fault else self.keys[server_id],
            since=case.now,
            until=changes_at(case, standing),
            standing=standing,
            verified=verified,
        )


def overview(
    bench: Workbench,
    moves: Sequence[Move],
    known: Sequence[Server],
    memory: Memory,
    *,
    signatures: bool,
) -> Overview:
    """Say where every server stands that has a move; what is remembered is not judged again.

    The chain is walked on from where it was walked last. Without ``signatures`` they are believed
    of what is judged, unless it is so little that verifying them takes no time.

    Raises:
        StoreError: something stored cannot be read.
        BadInputError: a playbook of the plan is not there, or is wrong.

    """
    also = {each.id: (each.id, *each.also) for each in known}
    records = {each.server_id: also.get(each.server_id, (each.server_id,)) for each in moves}
    playbooks = {name: bench.shelf.read(name) for name in {each.playbook for each in moves}}
    keys = _keys(bench, moves, records, playbooks)
    now = bench.clock()
    found = {each: memory.standing(each, key, now) for each, key in keys.items()}
    made = Overview(
        bench=bench,
        moves={each.server_id: each for each in moves},
        records=records,
        playbooks=playbooks,
        keys=keys,
        found={server: each for server, each in found.items() if each},
        walked=Verification(entries=memory.walked, head=memory.head, fault=None),
    )
    stale = [server for server, each in found.items() if each is None]
    made.walk_and_judge(stale, signatures=signatures or len(stale) <= _AT_ONCE)
    return made


def _walked_on(bench: Workbench, before: Verification) -> Verification:
    return replace(walk_on(bench.store, before.entries, before.head), digests=())


def _keys(
    bench: Workbench,
    moves: Sequence[Move],
    records: Mapping[str, Sequence[str]],
    playbooks: Mapping[str, Playbook],
) -> dict[str, str]:
    """Return, by server, the digest of everything that its standing is judged by, but the time."""
    estate = bench.estate
    common = [judges(), bench.trust.digest, [each.name for each in estate.partners]]
    begin = digest([*common, [str(each) for each in freezes(estate)]]).encode()
    last = last_of_each(bench.store)
    found = {}
    for each in moves:
        heads = [last.get(record) for record in records[each.server_id]]
        said = b"%b%b%b" % (encode(each), encode(heads), playbooks[each.playbook].digest.encode())
        found[each.server_id] = hashlib.sha256(begin + said).hexdigest()
    return found
