"""What people decide holds, is symmetric, can be undone, and never contradicts itself."""

from __future__ import annotations

import pytest
from identities import LIST, NOON, VCENTER, record, says, servers, uuid

from inventory.errors import UsageError
from inventory.identity.decisions import Ruling, decided, decision, decision_about
from inventory.identity.entry import ASKED, Reference
from inventory.identity.resolve import resolve

MACHINE = record(VCENTER, "1", name="web-1", address="10.0.0.4", smbios_uuid=uuid(1))
LISTED = record(LIST, "2", name="web-1", address="10.0.0.4")
OTHER = record(ASKED, "3", name="db-1", days=-1, smbios_uuid=uuid(2))
SAME, DIFFERENT = Ruling.SAME, Ruling.DIFFERENT


def test_what_is_decided_to_be_one_is_one_against_all_evidence() -> None:
    """The merge names who decided, when, and why."""
    (group, *_) = resolve([MACHINE, LISTED, OTHER], [says(SAME, OTHER, MACHINE)]).groups
    assert {each.id for each in group.members} == {MACHINE.id, LISTED.id, OTHER.id}
    assert group.id == OTHER.id
    assert group.merges[0].why == "are one server, says ann on 2026-11-23: seen in the rack"


def test_what_is_decided_to_be_two_is_two_and_asked_no_more() -> None:
    """The merge is undone, and the pair is not among the doubts."""
    resolution = resolve([MACHINE, LISTED], [says(DIFFERENT, MACHINE, LISTED)])
    assert len(resolution.groups) == 2
    assert not resolution.undecided


def test_a_decision_about_a_record_that_is_gone_still_joins_others() -> None:
    """Two records that were each decided to be the third are one, whether it is listed or not."""
    gone = record(LIST, "9")
    decisions = [says(SAME, MACHINE, gone), says(SAME, gone, OTHER)]
    assert servers([MACHINE, OTHER], decisions) == {frozenset({MACHINE.id, OTHER.id})}
    apart = [says(SAME, MACHINE, gone), says(DIFFERENT, gone, LISTED)]
    assert len(servers([MACHINE, LISTED], apart)) == 2


def test_clones_that_are_decided_to_be_one_lend_their_values_weight_again() -> None:
    """A list that keeps a renamed server twice no longer makes its name and address useless."""
    known = {"serial": "S1", "address": "10.0.0.4"}
    old, new = record(LIST, "old", **known), record(LIST, "new", **known)
    asked = record("glpi", "7", name="x", **known)
    assert len(resolve([old, new, asked]).groups) == 3
    assert len(resolve([old, new, asked], [says(SAME, old, new)]).groups) == 1


def test_contradictory_decisions_are_refused_with_the_ones_that_lead_to_it() -> None:
    """Who said what, and how to take one of them back."""
    made = decided((), says(SAME, MACHINE, LISTED))
    made = decided(made, says(SAME, LISTED, OTHER, why="same serial label"))
    with pytest.raises(UsageError, match="contradict") as refusal:
        decided(made, says(DIFFERENT, OTHER, MACHINE))
    assert "same serial label" in refusal.value.message
    assert "3 (asked)" in refusal.value.message
    assert refusal.value.hint is not None
    assert "undo" in refusal.value.hint
    with pytest.raises(UsageError, match="contradict"):
        resolve([MACHINE], [*made, says(DIFFERENT, OTHER, MACHINE)])


def test_a_decision_is_made_once_and_found_in_either_direction() -> None:
    """Deciding again changes nothing; what was never decided cannot be taken back."""
    made = decided((), says(SAME, MACHINE, LISTED, why="first"))
    assert decided(made, says(SAME, LISTED, MACHINE, why="second")) == made
    one, other, third = (each.reference for each in (MACHINE, LISTED, OTHER))
    assert decision_about(made, [one, third], [other]) == made[0]
    assert decision_about(made, [other], [one]) == made[0]
    with pytest.raises(UsageError, match="nothing was decided"):
        decision_about(made, [other], [third])
    more = decided(made, says(DIFFERENT, LISTED, OTHER))
    with pytest.raises(UsageError, match="2 things were decided"):
        decision_about(more, [other], [one, third])


def test_a_record_cannot_be_compared_with_itself() -> None:
    """That would be neither right nor wrong."""
    with pytest.raises(UsageError, match="one record"):
        says(SAME, MACHINE, MACHINE)


def test_a_decision_names_the_records_in_one_order() -> None:
    """So that it is found again however it was typed."""
    one, other = Reference(source="a", key="1"), Reference(source="b", key="1")
    made = decision(SAME, other, one, by="ann", at=NOON, why="")
    assert made.pair == (one, other)
    assert str(made) == "are one server, says ann on 2026-11-23"
