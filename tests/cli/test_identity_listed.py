"""What a user types to see which records are one server, and to decide."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from terminal import Decant

from inventory.model.fact import Observation, Origin
from inventory.model.facts import CPU_THREADS, HOSTNAME, INTERFACES
from inventory.model.nearness import Nearness
from inventory.store.listing import Listed, keep_listed
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.servers import find_server

VCENTER = "rvtools:vcenter.example.test"


@pytest.fixture
def listed(shop: Decant) -> Decant:
    """Give the web shop, of which an export lists one server by name and MAC, another by name."""
    now = datetime.now(UTC) - timedelta(hours=1)
    with open_store(f"sqlite:///{Path('decant.db').absolute()}") as store:
        web = find_server(store, "web-1").facts
        nics = INTERFACES.known(web.value(INTERFACES) or ())
        said = {
            "web-1": (HOSTNAME.known("web-1"), nics, CPU_THREADS.known(99)),
            "db-1": (HOSTNAME.known("db-1"),),
        }
        run = begin_run(store, command="import", at=now)
        records = [
            Listed(source=VCENTER, key=name, name=f"{name}-vm", nearness=Nearness.HYPERVISOR,
                   at=now, observations=_told(facts, now))
            for name, facts in said.items()
        ]  # fmt: skip
        keep_listed(store, run.id, records, now=now)
    return shop


def _told(said: tuple[Observation, ...], at: datetime) -> tuple[Observation, ...]:
    return tuple(
        Observation(
            key=each.key,
            fact=each.fact,
            origin=Origin(source=VCENTER, question=f"vInfo: {each.key.name}", at=at, run="r"),
        )
        for each in said
    )


def rows(decant: Decant, *words: str) -> list[dict[str, str]]:
    """Return what decant identity lists."""
    return list(csv.DictReader(io.StringIO(decant("identity", *words, "--format", "csv").out)))


def test_merges_and_doubts_are_listed_with_their_reasons(listed: Decant) -> None:
    """What agrees, what it weighs, and what would decide what is left."""
    said = listed("identity")
    assert (said.code, said.err) == (0, "")
    found = {row["state"]: row for row in rows(listed)}
    merged, undecided = found["merged"], found["undecided"]
    assert {merged["one"], merged["other"]} == {"web-1", "web-1-vm"}
    assert "same IP address" in merged["why"]
    assert int(merged["points"]) >= 60
    assert {undecided["one"], undecided["other"]} == {"db-1", "db-1-vm"}
    assert undecided["against"] == "too little agrees"
    assert "or your decision" in undecided["would_decide"]
    assert {row["state"] for row in rows(listed, "--only", "merged")} == {"merged"}
    assert isinstance(listed("identity", "--format", "json").json(), list)


def test_what_each_source_says_is_shown(listed: Decant) -> None:
    """Sources, their times, which is preferred and why, and what contradicts it."""
    listed("identity")
    said = listed("show", "web-1")
    assert f"told of by     {VCENTER}" in said.out
    assert "preferred: asked directly, which is nearer than its hypervisor" in said.out
    assert f"contradicted by {VCENTER}: 99 [vInfo: cpu.threads, 1 h ago]" in said.out
    document = listed("show", "web-1", "--format", "json").json()
    threads = document["facts"]["cpu.threads"]
    (other,) = threads["others"]
    assert (other["value"], other["contradicts"]) == (99, True)
    assert document["sources"] == [VCENTER]
    told = list(csv.DictReader(io.StringIO(listed("show", "web-1", "--format", "csv").out)))
    mine = [row for row in told if row["fact"] == "cpu.threads"]
    assert [row["preferred"] for row in mine] == ["yes", "no"]


def test_a_decision_holds_and_is_taken_back(listed: Decant) -> None:
    """Each says what it did; the reasons are listed for whoever asks later."""
    before = len(listed("servers", "--format", "json").json())
    (row,) = [row for row in rows(listed) if row["state"] == "undecided"]
    ids = (row["one_id"], row["other_id"])
    said = listed("identity", "same", *ids, "--because", "same label", "--by", "ann")
    assert (said.code, said.out) == (0, "")
    assert "are one server, says ann" in said.err
    assert len(listed("servers", "--format", "json").json()) == before - 2
    (made,) = rows(listed, "--only", "decided")
    assert (made["state"], "same label" in made["why"]) == ("same", True)
    assert not [row for row in rows(listed) if row["state"] == "undecided"]
    again = listed("identity", "different", *ids, "--because", "x")
    assert again.code == 2
    assert "contradict" in again.err
    assert "decant identity undo" in again.err
    undone = listed("identity", "undo", "db-1", ids[1])
    assert undone.code == 0
    assert "no longer decided" in undone.err
    assert len(listed("servers", "--format", "json").json()) == before - 1


def test_a_merge_is_undone_by_the_records_ids(listed: Decant) -> None:
    """By name both are one server, and the hint says how to name its records."""
    (row,) = rows(listed, "--only", "merged")
    by_name = listed("identity", "different", "web-1", "web-1-vm", "--because", "x")
    assert by_name.code == 2
    assert "are one server" in by_name.err
    assert "--only merged" in by_name.err
    said = listed("identity", "different", row["one_id"], row["other_id"][:8], "--because", "x")
    assert said.code == 0
    assert not rows(listed, "--only", "merged")


def test_nothing_to_tell_is_told(shop: Decant) -> None:
    """Without exports every server is a record of its own."""
    said = shop("identity")
    assert (said.code, said.out) == (0, "")
    assert "every record is a server of its own" in said.err


def test_a_server_that_was_never_asked_is_listed_as_such(listed: Decant) -> None:
    """It has no target, and its state names who tells of it."""
    found = {row["name"]: row for row in listed("servers", "--format", "json").json()}
    assert found["db-1-vm"]["state"] == f"known from {VCENTER} alone"
    assert "never asked" in listed("show", "db-1-vm").out


def test_a_decision_needs_a_reason_and_records_that_exist(listed: Decant) -> None:
    """Whoever asks later wants to know why."""
    assert "--because" in listed("identity", "same", "web-1", "db-1").err
    said = listed("identity", "same", "web-1", "nothing-1", "--because", "x")
    assert (said.code, "there is no server 'nothing-1'" in said.err) == (2, True)
