"""Records of exports stand beside what servers said, and several of them may be one server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

import pytest
from visiting import at, new_run, say, stay_silent, visit

from inventory.errors import UsageError
from inventory.history.points import Point
from inventory.identity.decisions import Ruling, decision
from inventory.identity.entry import ASKED, Reference
from inventory.model import facts, placement
from inventory.model.fact import Known, Observation, Origin, Reason
from inventory.model.nearness import Nearness
from inventory.model.parts import Connection, Direction, Interface, Protocol
from inventory.model.server import Server
from inventory.store.answers import raw_answer
from inventory.store.history import state_at
from inventory.store.identities import (
    decide,
    decisions,
    entries,
    resolved,
    server_ids,
    undo,
)
from inventory.store.listing import Change, Listed, keep_listed
from inventory.store.rereading import ReadAgain, reread
from inventory.store.servers import find_server, server_of, servers
from inventory.store.settling import settle
from inventory.store.sightings import observed, sightings
from inventory.store.store import Store
from inventory.store.visits import record_visit, visits

VCENTER = "rvtools:vcenter.example.test"
NIC = facts.INTERFACES.known(
    (Interface(name="eth0", mac="00:50:56:aa:00:01", kind="physical", addresses=("10.0.0.4/24",)),)
)
MACHINE = (
    placement.INSTANCE_UUID.known("502a0d6e-5d3f-4c2b-9b0e-6b6f0c1a2b3c"),
    placement.VM_NAME.known("web-1"),
    NIC,
)


def listed(
    *said: Observation,
    key: str = "502a",
    source: str = VCENTER,
    minutes: int = 0,
    name: str = "web-1",
) -> Listed:
    """Return what an export of that time says of one server, each statement in its own column."""
    return Listed(
        source=source,
        key=key,
        name=name,
        nearness=Nearness.HYPERVISOR if source == VCENTER else Nearness.LIST,
        at=at(minutes),
        observations=tuple(
            Observation(
                key=each.key,
                fact=each.fact,
                origin=_origin(source, f"column {number}", at(minutes)),
            )
            for number, each in enumerate(said)
        ),
    )


def _origin(source: str, column: str, moment: datetime) -> Origin:
    return Origin(source=source, question=column, at=moment, run="r")


def take(store: Store, *records: Listed, minutes: int = 60) -> dict[Change, int]:
    """Import records, and judge which are one server."""
    changes = keep_listed(store, new_run(store), records, now=at(minutes))
    settle(store)
    return dict(changes)


def only(store: Store) -> Server:
    """Return the only server that there is."""
    (server,) = servers(store)
    return server


def test_a_server_that_is_only_listed_is_in_the_inventory(store: Store) -> None:
    """With its facts, their columns, and that it was never asked."""
    assert take(store, listed(*MACHINE, placement.CONFIGURED_CPUS.known(4))) == {Change.NEW: 1}
    server = only(store)
    assert (server.name, server.target, server.sources) == ("web-1", "", (VCENTER,))
    assert server.unreachable is not None
    assert server.unreachable.reason is Reason.NOT_ASKED
    assert VCENTER in server.unreachable.detail
    assert server.last_answered is None
    told = server.facts[placement.CONFIGURED_CPUS.name]
    assert told.fact == Known(value=4)
    assert told.origin is not None
    assert (told.origin.source, told.origin.question) == (VCENTER, "column 3")


def test_a_server_that_was_asked_and_is_listed_is_one_with_preferred_facts(store: Store) -> None:
    """The older row's id stays its id; what the export says stands beside what it said itself."""
    asked = say(
        store, "ssh://10.0.0.4", facts.HOSTNAME.known("web-1"), NIC, facts.CPU_THREADS.known(4)
    )
    take(
        store,
        listed(*MACHINE, facts.CPU_THREADS.known(8), placement.POWER.known(placement.Power.ON)),
    )
    server = only(store)
    assert server.id == asked.id
    assert (server.target, server.unreachable) == ("ssh://10.0.0.4", None)
    threads = server.facts[facts.CPU_THREADS.name]
    assert threads.fact == Known(value=4)
    assert [each.fact for each in threads.rivals] == [Known(value=8)]
    assert threads.beside is not None
    assert threads.beside.why == "asked directly, which is nearer than its hypervisor"
    assert threads.beside.conflicts == threads.rivals
    assert server.facts.value(placement.POWER) is placement.Power.ON
    assert not server.facts[placement.POWER.name].rivals


def test_a_server_is_found_by_everything_that_any_record_calls_it(store: Store) -> None:
    """Its id stays the first one that it had; the ids of the others lead to it."""
    take(store, listed(*MACHINE, name="WEB-1-prod"), minutes=-60)
    asked = say(store, "ssh://10.0.0.4", facts.HOSTNAME.known("web-1"), NIC)
    settle(store)
    server = only(store)
    assert server.name == "web-1"
    assert server.also == (asked.id,)
    for text in ("web-1", "web-1-PROD", "ssh://10.0.0.4", server.id, asked.id, asked.id[:8]):
        assert find_server(store, text) == server
    assert server_of(store, asked.id) == server
    assert server_ids(store) == {asked.id: server.id}
    again = record_visit(store, new_run(store), visit("ssh://10.0.0.4", NIC, minutes=90))
    assert again.id == server.id


def test_a_visit_never_takes_a_record_of_an_export_for_its_server(store: Store) -> None:
    """Which record is which server's is judged over all of them, and can be undone."""
    take(store, listed(*MACHINE, facts.FQDN.known("web-1.example.test")))
    asked = say(store, "ssh://10.0.0.4", facts.FQDN.known("web-1.example.test"), NIC)
    assert len(entries(store)) == 2
    assert asked.target == "ssh://10.0.0.4"
    assert len(servers(store)) == 2
    settle(store)
    assert len(servers(store)) == 1


def test_the_same_export_again_changes_nothing(store: Store) -> None:
    """Neither facts nor history, whichever run brings it."""
    record = listed(*MACHINE, placement.CONFIGURED_CPUS.known(4))
    take(store, record)
    before, history = only(store), visits(store, only(store).id)
    assert take(store, record, minutes=90) == {Change.SAME: 1}
    assert only(store) == before
    assert visits(store, before.id) == history


def test_a_newer_export_erases_nothing_that_it_does_not_tell(store: Store) -> None:
    """Partial updates add; an unknown does not erase what was known."""
    take(store, listed(*MACHINE, placement.CONFIGURED_CPUS.known(4), placement.CLUSTER.known("a")))
    later = listed(
        placement.CONFIGURED_CPUS.known(8), placement.CLUSTER.unknown(Reason.NOT_TOLD), minutes=5,
        name="web-one",
    )  # fmt: skip
    assert take(store, later) == {Change.CHANGED: 1}
    server = only(store)
    assert server.name == "web-one"
    assert server.facts.value(placement.CONFIGURED_CPUS) == 8
    assert server.facts.value(placement.CLUSTER) == "a"
    assert server.facts.value(placement.VM_NAME) == "web-1"


def test_two_statements_of_one_export_are_both_kept(store: Store) -> None:
    """Two tabs that disagree are a conflict with both values."""
    take(store, listed(placement.CONFIGURED_CPUS.known(4), placement.CONFIGURED_CPUS.known(8)))
    told = only(store).facts[placement.CONFIGURED_CPUS.name]
    values = {each.fact.value for each in (told, *told.rivals) if isinstance(each.fact, Known)}
    assert values == {4, 8}
    assert told.beside is not None
    assert len(told.beside.conflicts) == 1


def exports() -> list[Listed]:
    """Return several exports of several sources, some older than others."""
    return [
        listed(
            *MACHINE,
            placement.CONFIGURED_CPUS.known(2),
            placement.CLUSTER.known("old"),
            facts.SERIAL.known("S1"),
        ),
        listed(*MACHINE, placement.CONFIGURED_CPUS.known(4), facts.SERIAL.known("S2"), minutes=10),
        listed(facts.HOSTNAME.known("web-1"), NIC, source="glpi", key="7", minutes=5),
        listed(facts.HOSTNAME.known("db-1"), source="glpi", key="8", name="db-1", minutes=5),
        listed(*MACHINE, placement.CONFIGURED_CPUS.known(8), minutes=20, name="newest"),
    ]


@pytest.mark.parametrize("order", list(permutations(range(5)))[::12])
def test_exports_give_the_same_servers_in_any_order_and_split(
    store: Store, order: Sequence[int]
) -> None:
    """Each import on its own, or all at once; older ones after newer ones."""
    every = exports()
    for place in order[:3]:
        take(store, every[place])
    take(store, *(every[place] for place in order[3:]))
    found = {each.name: each for each in servers(store)}
    assert set(found) == {"newest", "db-1"}
    server = found["newest"]
    assert server.sources == ("glpi", VCENTER)
    assert server.facts.value(placement.CONFIGURED_CPUS) == 8
    assert server.facts.value(placement.CLUSTER) == "old"
    assert server.facts.value(facts.SERIAL) == "S2"
    assert [each.at for each in visits(store, server.id)] == [at(0), at(5), at(10), at(20)]
    (machine,) = (each for each in entries(store) if each.source == VCENTER)
    assert machine.identity.serial == {"S2"}


def test_decisions_hold_are_undone_and_outlive_a_new_import(store: Store) -> None:
    """The undo of a merge restores both, and the undo of that the merge."""
    machine, inventory = (
        listed(*MACHINE),
        listed(NIC, facts.HOSTNAME.known("web-1"), source="nb", key="7"),
    )
    take(store, machine, inventory)
    merged = only(store)
    pair = (Reference(source=VCENTER, key="502a"), Reference(source="nb", key="7"))
    made = decision(Ruling.DIFFERENT, *pair, by="ann", at=at(70), why="a test copy")
    decide(store, made)
    assert decisions(store) == (made,)
    assert len(servers(store)) == 2
    take(store, machine, listed(NIC, source="nb", key="7", minutes=30))
    assert len(servers(store)) == 2
    assert not resolved(store).undecided
    undo(store, made, at=at(80))
    assert not decisions(store)
    assert only(store).id == merged.id
    decide(store, made)
    assert len(servers(store)) == 2
    with pytest.raises(UsageError, match="contradict"):
        decide(store, decision(Ruling.SAME, *pair, by="bob", at=at(95), why=""))


def test_two_servers_that_were_asked_are_one_when_people_say_so(store: Store) -> None:
    """Installed anew: history, connections and answers of both belong to the one server."""
    seen = facts.CONNECTIONS.known((Connection(
        protocol=Protocol.TCP, direction=Direction.INBOUND, local_address="10.0.0.4",
        local_port=443, remote_address="10.0.0.9", remote_port=40000, process="nginx",
    ),))  # fmt: skip
    before = (facts.HOSTNAME.known("a-old"), facts.MACHINE_ID.known("a" * 30 + "01"), NIC, seen)
    after = (facts.HOSTNAME.known("b-new"), facts.MACHINE_ID.known("a" * 30 + "02"), NIC)
    old = say(store, "ssh://10.0.0.4", *before)
    new = say(store, "ssh://10.0.0.4", *after, minutes=9)
    assert old.id != new.id
    pair = (Reference(source=ASKED, key=old.id), Reference(source=ASKED, key=new.id))
    decide(store, decision(Ruling.SAME, *pair, by="ann", at=at(10), why="installed anew"))
    server = only(store)
    assert (server.id, server.name) == (old.id, "b-new")
    assert server.facts.value(facts.MACHINE_ID) == "a" * 30 + "02"
    assert len(server.facts[facts.MACHINE_ID.name].rivals) == 1
    assert [each.at for each in visits(store, new.id)] == [at(0), at(9)]
    assert set(sightings(store)) == {old.id}


def test_what_was_asked_is_read_again_and_what_was_listed_is_not(store: Store) -> None:
    """Exports have no raw answer, and do not count as looks at a server."""
    told = visit("ssh://10.0.0.4", NIC, facts.HOSTNAME.known("web-1"), raw=b"answer")
    asked = record_visit(store, new_run(store), told)
    take(store, listed(*MACHINE), listed(key="9", name="db-1"))
    assert raw_answer(store, asked.id) == b"answer"
    assert observed(store).looks == 1
    before = only_named(store, "web-1")

    def read(raw: bytes, target: str, when: datetime, run: str) -> ReadAgain:
        assert (raw, target) == (b"answer", "ssh://10.0.0.4")
        del when, run
        return ReadAgain(observations=(facts.HOSTNAME.known("web-2"),), as_today=frozenset())

    done = reread(store, before.id, read)
    assert (done.visits, done.changes) == (1, (facts.HOSTNAME.name,))
    assert reread(store, only_named(store, "db-1").id, read).visits == 0
    assert only_named(store, "db-1").facts == find_server(store, "db-1").facts
    assert server_of(store, before.id).facts.value(placement.VM_NAME) == "web-1"


def test_history_tells_of_one_server_what_all_its_records_told(store: Store) -> None:
    """What is preferred today was preferred then; an export is not known before it was told."""
    asked = say(
        store, "ssh://10.0.0.4", facts.HOSTNAME.known("web-1"), NIC, facts.CPU_THREADS.known(4)
    )
    take(store, listed(*MACHINE, facts.CPU_THREADS.known(8), minutes=5))
    before, after = (
        state_at(store, Point(title="then", at=at(minutes))).servers for minutes in (3, 6)
    )
    assert set(before) == set(after) == {asked.id}
    assert before[asked.id].facts.value(placement.VM_NAME) is None
    assert after[asked.id].facts.value(placement.VM_NAME) == "web-1"
    assert after[asked.id].facts.value(facts.CPU_THREADS) == 4
    assert (after[asked.id].name, after[asked.id].unreachable) == ("web-1", None)
    assert after[asked.id].facts == only(store).facts


def only_named(store: Store, name: str) -> Server:
    """Return the server of that name."""
    return find_server(store, name)


def test_a_server_that_never_answered_is_known_by_where_it_was_asked(store: Store) -> None:
    """What lists its address, or its name, may be that server: it is shown."""
    stay_silent(store, "ssh://root@10.0.0.4:2222")
    stay_silent(store, "ssh://db-1.example.test")
    take(store, listed(*MACHINE), listed(facts.FQDN.known("db-1.example.test"), key="9", name="x"))
    found = {each.one.name: each for each in resolved(store).undecided}
    assert [str(reason) for reason in found["10.0.0.4"].reasons] == [
        "same IP address 10.0.0.4 (25)"
    ]
    assert "same FQDN db-1.example.test (45)" in map(str, found["db-1.example.test"].reasons)


def test_a_silent_address_that_turns_out_to_be_known_leaves_nothing_behind(store: Store) -> None:
    """Its row goes, and whatever was merged into it follows."""
    silent = stay_silent(store, "ssh://web-1")
    take(store, listed(*MACHINE))
    pair = (Reference(source=ASKED, key=silent.id), Reference(source=VCENTER, key="502a"))
    decide(store, decision(Ruling.SAME, *pair, by="ann", at=at(61), why="the same"))
    known = say(store, "ssh://10.0.0.4", NIC, facts.FQDN.known("web-1.example.test"), minutes=62)
    moved = say(store, "ssh://web-1", NIC, facts.FQDN.known("web-1.example.test"), minutes=63)
    assert moved.id == known.id
    settle(store)
    assert only(store).sources == (VCENTER,)
