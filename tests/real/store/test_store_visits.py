"""Every visit is kept whole: facts with their origins, the raw answer, silence with its reason."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from visiting import NOON, SILENT, at, new_run, say, stay_silent, visit

from inventory.errors import StoreError, UsageError
from inventory.model import facts
from inventory.model.fact import FactKey, Facts, Known, Reason, Unknown
from inventory.model.parts import (
    BootType,
    Connection,
    Direction,
    Disk,
    Filesystem,
    Interface,
    Listener,
    Package,
    Process,
    Protocol,
    Service,
    ServiceState,
)
from inventory.model.target import Target
from inventory.store.answers import raw_answer
from inventory.store.runs import begin_run, finish_run, runs
from inventory.store.servers import servers
from inventory.store.store import Store
from inventory.store.visits import record_visit, visits

WEB = str(Target.parse("ssh://root@web-1:22"))
EVERYTHING = (
    facts.HOSTNAME.known("web-1"),
    facts.CPU_THREADS.known(4),
    facts.MEMORY_TOTAL.known(2**40),
    facts.SECURE_BOOT.known(value=False),
    facts.BOOT_TYPE.known(BootType.UEFI),
    facts.BOOTED_AT.known(datetime(2026, 11, 1, 3, 4, 5, tzinfo=UTC)),
    facts.PYTHON_VERSIONS.known(("3.9.2", "3.11.2")),
    facts.DISKS.known((Disk(name="sda", size_bytes=1, rotational=None, encrypted=True),)),
    facts.FILESYSTEMS.known(
        (
            Filesystem(
                mount_point="/",
                device="/dev/sda1",
                type="ext4",
                size_bytes=3,
                used_bytes=2,
                free_bytes=1,
            ),
        )
    ),
    facts.INTERFACES.known((Interface(name="eth0", addresses=("192.0.2.4/24",), up=True),)),
    facts.LISTENERS.known((Listener(protocol=Protocol.TCP, address="::", port=80),)),
    facts.CONNECTIONS.known(
        (
            Connection(
                protocol=Protocol.TCP,
                direction=Direction.INBOUND,
                local_address="192.0.2.4",
                local_port=80,
                remote_address="192.0.2.9",
                remote_port=50000,
            ),
        )
    ),
    facts.SERVICES.known((Service(name="nginx", state=ServiceState.FAILED, enabled=True),)),
    facts.PROCESSES.known((Process(pid=1, name="init", command_line="/sbin/init ünï\t\\0"),)),
    facts.PACKAGES.known((Package(name="nginx", version="1.22", manager="dpkg"),)),
    facts.SERIAL.unknown(Reason.NEEDS_PRIVILEGE, "only root may read it"),
)


def test_every_fact_comes_back_as_it_was_told(store: Store) -> None:
    """Types, units, unknowns with reasons, and the origin of each survive the store."""
    told = visit(WEB, *EVERYTHING)
    server = record_visit(store, new_run(store), told)
    (read,) = servers(store)
    assert read == server
    assert {each.key.name: each for each in told.observations} == dict(read.facts)
    assert (read.name, read.target, read.unreachable) == ("web-1", "ssh://root@web-1", None)
    assert read.first_seen == read.last_asked == read.last_answered == NOON


def test_silence_is_listed_with_its_reason(store: Store) -> None:
    """A target that never answered is a server, named by its address."""
    stay_silent(store, "ssh://root@10.0.0.4")
    (server,) = servers(store)
    assert (server.name, server.unreachable, server.last_answered) == ("10.0.0.4", SILENT, None)


def test_silence_loses_no_older_facts(store: Store) -> None:
    """A server that stops answering keeps what was known; one that answers again is reachable."""
    say(store, WEB, facts.HOSTNAME.known("web-1"), facts.CPU_THREADS.known(4))
    silent = stay_silent(store, WEB, minutes=5)
    assert silent.unreachable == SILENT
    assert silent.facts.value(facts.CPU_THREADS) == 4
    assert (silent.name, silent.last_asked, silent.last_answered) == ("web-1", at(5), NOON)
    assert say(store, WEB, minutes=6).unreachable is None


def test_the_newest_known_wins_and_unknown_does_not_erase(store: Store) -> None:
    """A later look without privilege does not make the inventory forget; a later value replaces."""
    say(store, WEB, facts.SERIAL.known("A1"), facts.CPU_THREADS.known(2))
    unknown = facts.SERIAL.unknown(Reason.NEEDS_PRIVILEGE)
    server = say(store, WEB, unknown, facts.CPU_THREADS.known(4), minutes=5)
    assert server.facts.value(facts.SERIAL) == "A1"
    origin = server.facts[facts.SERIAL.name].origin
    assert origin is not None
    assert origin.at == NOON
    assert server.facts.value(facts.CPU_THREADS) == 4


def test_what_is_not_told_again_stays_known(store: Store) -> None:
    """A fact that later visits do not speak of holds, with the origin of the visit that told it."""
    say(store, WEB, facts.SERIAL.known("A1"), facts.CPU_MODEL.unknown(Reason.NOT_TOLD))
    for minutes in (5, 10):
        server = say(store, WEB, facts.CPU_THREADS.known(minutes), minutes=minutes)
    assert server.facts.value(facts.SERIAL) == "A1"
    assert server.facts.of(facts.CPU_MODEL) == Unknown(reason=Reason.NOT_TOLD)
    when = {name: each.origin.at for name, each in server.facts.items() if each.origin}
    assert when == {
        facts.SERIAL.name: NOON,
        facts.CPU_MODEL.name: NOON,
        facts.CPU_THREADS.name: at(10),
    }


def test_what_was_known_before_survives_many_unknowns(store: Store) -> None:
    """Visits that may not see a fact leave it as it was, until one sees it again."""
    say(store, WEB, facts.SERIAL.known("A1"))
    for minutes in (5, 10):
        server = say(store, WEB, facts.SERIAL.unknown(Reason.NEEDS_PRIVILEGE), minutes=minutes)
        assert server.facts.value(facts.SERIAL) == "A1"
    assert say(store, WEB, facts.SERIAL.known("B2"), minutes=15).facts.value(facts.SERIAL) == "B2"
    (again,) = servers(store)
    assert again.facts.value(facts.SERIAL) == "B2"


@given(
    told=st.lists(
        st.dictionaries(
            st.sampled_from([facts.SERIAL, facts.KERNEL, facts.PRODUCT]),
            st.none() | st.sampled_from(["a", "b", "long" * 200]),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_holds_is_what_all_visits_laid_over_each_other_say(
    store: Store, told: list[dict[FactKey[str], str | None]]
) -> None:
    """Whatever order visits come in, no fact is lost, and none comes back that was replaced."""
    target, holds = f"ssh://{uuid.uuid4()}", Facts()
    for minutes, values in enumerate(told):
        said = [
            key.known_or(value, Reason.NEEDS_PRIVILEGE, f"at {minutes}")
            for key, value in values.items()
        ]
        server = say(store, target, *said, minutes=minutes)
        holds = holds.updated(visit(target, *said, minutes=minutes).observations)
        assert dict(server.facts) == dict(holds)


def test_only_the_wanted_facts_of_a_history_are_read(store: Store) -> None:
    """How one fact changed is seen without reading the others."""
    say(store, WEB, *EVERYTHING)
    server = say(store, WEB, facts.CPU_THREADS.known(8), minutes=5)
    told = visits(store, server.id, only=(facts.CPU_THREADS,))
    assert [[each.fact for each in one.observations] for one in told] == [
        [Known(value=4)],
        [Known(value=8)],
    ]


def test_a_newer_reason_replaces_an_older_one(store: Store) -> None:
    """What stays unknown is unknown for the reason that was given last."""
    say(store, WEB, facts.SERIAL.unknown(Reason.NEEDS_PRIVILEGE))
    server = say(store, WEB, facts.SERIAL.unknown(Reason.TIMED_OUT), minutes=5)
    assert server.facts.of(facts.SERIAL) == Unknown(reason=Reason.TIMED_OUT)


def test_history_keeps_what_every_visit_said(store: Store) -> None:
    """Each run's observations stay, silence included."""
    server = say(store, WEB, facts.CPU_THREADS.known(2))
    say(store, WEB, facts.CPU_THREADS.known(4), minutes=5)
    stay_silent(store, WEB, minutes=9)
    told = visits(store, server.id)
    assert [each.at for each in told] == [NOON, at(5), at(9)]
    values = [[each.fact for each in one.observations] for one in told]
    assert values == [[Known(value=2)], [Known(value=4)], []]
    assert told[2].unreachable == SILENT


def test_the_raw_answer_is_kept_to_the_byte(store: Store) -> None:
    """Whatever bytes a server sent can be read again, per run."""
    first, second = bytes(range(256)) * 100, b""
    one, other = new_run(store), new_run(store)
    server = record_visit(store, one, visit(WEB, raw=first))
    record_visit(store, other, visit(WEB, raw=second))
    assert raw_answer(store, server.id, one) == first
    assert raw_answer(store, server.id) == second


def test_no_raw_answer_is_said_so(store: Store) -> None:
    """Silence has no raw answer, which is an error of its own and no empty answer."""
    server = stay_silent(store, WEB)
    with pytest.raises(UsageError, match="no answer"):
        raw_answer(store, server.id)


def test_a_visit_is_stored_whole_or_not_at_all(store: Store) -> None:
    """When any part of a visit cannot be stored, nothing of it is."""
    with pytest.raises(StoreError):
        record_visit(store, "no-such-run", visit(WEB, *EVERYTHING))
    assert servers(store) == ()


def test_facts_of_a_collector_that_is_gone_stay_readable(store: Store) -> None:
    """A key that this version does not know shows its value as plain JSON."""
    gone: FactKey[object] = FactKey(name="own.rack", kind=object, help="Rack and unit")
    server = say(store, WEB, gone.known({"rack": "B4", "units": [7, 8]}))
    fact = server.facts["own.rack"].fact
    assert isinstance(fact, Known)
    assert fact.value == {"rack": "B4", "units": [7, 8]}


def test_a_value_of_another_shape_is_unreadable_not_wrong(store: Store) -> None:
    """What another version stored otherwise is unknown, with that reason."""
    other: FactKey[object] = FactKey(name=facts.CPU_THREADS.name, kind=object, help="")
    server = say(store, WEB, other.known({"count": 4}))
    fact = server.facts.of(facts.CPU_THREADS)
    assert isinstance(fact, Unknown)
    assert fact.reason is Reason.UNREADABLE


def test_hostile_text_does_no_harm(store: Store) -> None:
    """NUL bytes, quotes, and half an emoji from a server neither break nor alter the store."""
    text = "x'; DROP TABLE server; --\0\ud83d"
    said = (facts.HOSTNAME.known("we\0b"), facts.KERNEL.known(text), facts.SERIAL.known("\0"))
    server = say(store, WEB, *said)
    assert server.name == "web"
    assert server.facts.value(facts.KERNEL) == text


def test_only_the_wanted_facts_are_read(store: Store) -> None:
    """A listing that needs few facts reads no others."""
    say(store, WEB, *EVERYTHING)
    (server,) = servers(store, only=(facts.OS_NAME, facts.HOSTNAME))
    assert set(server.facts) == {facts.HOSTNAME.name}


def test_a_run_that_was_cut_off_stays_so(store: Store) -> None:
    """Runs are kept in order; only one that came to its end says when."""
    first = begin_run(store, command="discover a", at=NOON)
    second = begin_run(store, command="discover b", at=at(1))
    finish_run(store, second.id, at(2), 3, 2)
    cut, ended = runs(store)
    assert (cut, cut.finished) == (first, None)
    assert (ended.id, ended.finished, ended.asked, ended.answered) == (second.id, at(2), 3, 2)
