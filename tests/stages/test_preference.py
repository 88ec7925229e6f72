"""Which of several sources is believed, why, and when two of them contradict each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import facts, placement
from inventory.model.fact import FactKey, Observation, Origin, Reason
from inventory.model.nearness import Nearness
from inventory.model.parts import Disk
from inventory.model.preference import MUCH_OLDER, Preferred, Statement, prefer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CPUS = placement.CONFIGURED_CPUS
ASKED, HYPERVISOR, AGENT, SCAN, LIST = Nearness


def states(
    nearness: Nearness, said: Observation, *, days: float = 0, source: str = ""
) -> Statement:
    """Return what a source said, so many days ago."""
    origin = Origin(
        source=source or nearness.value, question="q", at=NOW - timedelta(days=days), run="r"
    )
    told = Observation(key=said.key, fact=said.fact, origin=origin)
    return Statement(observation=told, nearness=nearness)


def value(preferred: Preferred) -> Any:
    """Return the value that is preferred."""
    return preferred.observation.fact.value


def test_known_goes_before_unknown_however_near() -> None:
    """A far source that knows is better than a near one that does not."""
    chosen = prefer([
        states(ASKED, CPUS.unknown(Reason.NEEDS_PRIVILEGE)), states(LIST, CPUS.known(4), days=400)
    ])  # fmt: skip
    assert value(chosen) == 4
    assert chosen.why == "the only one that knows"
    assert not chosen.conflicts


def test_whoever_is_nearest_goes_first_and_the_others_are_kept() -> None:
    """The server's own word before its hypervisor's, an agent's, a scan's and a list's."""
    told = [states(each, CPUS.known(number)) for number, each in enumerate(Nearness)]
    chosen = prefer(reversed(told))
    assert value(chosen) == 0
    assert chosen.why == "asked directly, which is nearer than its hypervisor"
    assert [each.nearness for each in chosen.others] == [HYPERVISOR, AGENT, SCAN, LIST]
    assert len(chosen.conflicts) == 4


def test_the_nearest_does_not_go_first_when_it_is_much_older() -> None:
    """What missed a whole round of exports says how it was before, and is no conflict."""
    old = states(ASKED, CPUS.known(2), days=MUCH_OLDER.days + 1)
    chosen = prefer([old, states(HYPERVISOR, CPUS.known(4))])
    assert value(chosen) == 4
    assert chosen.why == "36 days newer than what asked directly told"
    assert not chosen.conflicts
    fresh = states(ASKED, CPUS.known(2), days=MUCH_OLDER.days)
    assert value(prefer([fresh, states(HYPERVISOR, CPUS.known(4))])) == 2


def test_of_the_equally_near_the_newest_goes_first() -> None:
    """Two exports of inventories: the later one."""
    chosen = prefer([states(AGENT, CPUS.known(2), days=3), states(AGENT, CPUS.known(4), days=1)])
    assert value(chosen) == 4
    assert chosen.why == "the newest told by an agent's inventory"
    assert len(chosen.conflicts) == 1


def test_two_columns_of_one_export_that_disagree_are_a_conflict() -> None:
    """They are as near and as new: the choice is by name, and both are shown."""
    one, other = (states(HYPERVISOR, CPUS.known(number), source="v") for number in (2, 4))
    assert prefer([one, other]) == prefer([other, one])
    assert prefer([one, other]).why == "as near and as new as the next; the first by name"
    assert len(prefer([one, other]).conflicts) == 1


def test_nobody_who_knows_leaves_the_nearest_reason() -> None:
    """Why the server itself did not say it is more use than that a list is empty."""
    refused = states(ASKED, CPUS.unknown(Reason.NEEDS_PRIVILEGE))
    chosen = prefer([states(LIST, CPUS.unknown(Reason.NOT_TOLD)), refused])
    assert chosen.observation is refused.observation
    assert chosen.why == "nobody knows"


def test_a_single_source_is_told_as_such() -> None:
    """Nothing to choose from."""
    assert prefer([states(LIST, CPUS.known(4))]).why == "nobody else tells it"
    bare = Statement(observation=CPUS.known(4), nearness=LIST)
    assert value(prefer([bare])) == 4


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (facts.HOSTNAME, "WEB-1", "web-1.example.test"),
        (facts.FQDN, "web-1.Example.test", "web-1.example.test."),
        (facts.SMBIOS_UUID, "44454C4C-4200-1035-8052-B4C04F4A4D32",
         "4c4c4544-0042-3510-8052-b4c04f4a4d32"),
        (facts.SERIAL, "VMware-42 13 7e 0d", "vmware-42137e0d"),
        (facts.OS_NAME, "Red Hat Enterprise Linux 8 (64-bit)",
         "Red Hat Enterprise Linux 8.6 (Ootpa)"),
        (facts.MANUFACTURER, "VMware, Inc.", " VMware,  inc. "),
        (placement.CONFIGURED_MEMORY, 16 * 1000**3, 16 * 1024**3),
        (placement.PROVISIONED, 2 * 1000**4, 2 * 1024**4),
        (placement.NAMED_APPLICATIONS, ("Payroll", "HR"), ("hr", "payroll")),
        (facts.BOOTED_AT, NOW, NOW + timedelta(minutes=4)),
        (facts.DISKS, (Disk(name="sda", size_bytes=1),), (Disk(name="Hard disk 1", size_bytes=2),)),
        (facts.MEMORY_AVAILABLE, 1, 1000),
    ],
)  # fmt: skip
def test_what_sources_word_differently_is_no_conflict(
    key: FactKey[Any], one: object, other: object
) -> None:
    """Case, domains, byte orders, rounding and order; lists of parts, and what always moves."""
    assert not prefer([states(ASKED, key.known(one)), states(LIST, key.known(other))]).conflicts


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (facts.HOSTNAME, "web-1", "web-2"),
        (facts.FQDN, "web-1.north.example", "web-1.south.example"),
        (facts.SMBIOS_UUID, "4c4c4544-0042-3510-8052-b4c04f4a4d32", "not a uuid"),
        (facts.OS_NAME, "Microsoft Windows Server 2016 (64-bit)", "Windows Server 2019"),
        (placement.CONFIGURED_MEMORY, 16 * 1024**3, 24 * 1024**3),
        (placement.CONFIGURED_CPUS, 4, 5),
        (placement.NAMED_APPLICATIONS, ("hr",), ("hr", "payroll")),
        (placement.POWER, placement.Power.ON, placement.Power.OFF),
        (placement.CHANGE_TRACKING, True, False),
    ],
)
def test_what_differs_is_a_conflict(key: FactKey[Any], one: object, other: object) -> None:
    """Both values are shown, and one of them is wrong."""
    chosen = prefer([states(ASKED, key.known(one)), states(LIST, key.known(other))])
    assert len(chosen.conflicts) == 1


STATEMENTS = st.lists(
    st.builds(
        lambda nearness, number, days, source: states(
            nearness,
            CPUS.known(number) if number else CPUS.unknown(Reason.NOT_TOLD),
            days=days,
            source=source,
        ),
        st.sampled_from(Nearness),
        st.integers(min_value=0, max_value=3),
        st.integers(min_value=0, max_value=90),
        st.sampled_from(("a", "b")),
    ),
    min_size=1,
    max_size=6,
)


@given(STATEMENTS, st.randoms())
def test_the_order_of_the_statements_has_no_influence(told: list[Statement], chance: Any) -> None:
    """The same statements give the same preference, reason and conflicts."""
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert prefer(shuffled) == prefer(told)


@given(STATEMENTS)
def test_nothing_that_was_stated_is_lost(told: list[Statement]) -> None:
    """The preferred one and the others are all that there are."""
    chosen = prefer(told)
    assert len(chosen.others) == len(told) - 1
    assert set(map(id, chosen.conflicts)) <= set(map(id, chosen.others))
