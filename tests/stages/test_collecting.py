"""What to collect next is what would settle most verdicts, and says how."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_samples import missing, server, verdict

from inventory.model.fact import Reason
from migrate.judging.collecting import HOW, Way, collect_next, to_collect, ways_of
from migrate.model.verdict import Axis, Cloud, Missing, Readiness, Verdict


def lacks(fact: str, why: str, axis: Axis = Axis.FIT, *, decides: bool = True) -> Missing:
    """Make a rule that lacks one fact."""
    return replace(
        missing(decides=decides), rule=f"r-{fact}", facts=(fact,), why_unknown=why, axis=axis
    )


def unknown(name: str, *absent: Missing) -> Verdict:
    """Make a verdict that does not know whether the server fits."""
    return verdict(server(name), Cloud.AWS, fit=Readiness.UNKNOWN, absent=absent)


def test_what_settles_most_comes_first() -> None:
    """Two verdicts that need sudo alone outweigh three that need it and more."""
    sudo = lacks("storage.disks", "needs privilege (blkid)")
    export = lacks("placement.virtual_disks", "not asked")
    both = [unknown(f"both-{number}", sudo, export) for number in range(3)]
    first, second = to_collect([unknown("a", sudo), unknown("b", sudo), *both])
    assert (first.way, first.settles, first.touches, first.servers) == (Way.SUDO, 2, 5, 5)
    assert (second.way, second.settles, second.touches) == (Way.HYPERVISOR, 0, 3)
    assert first.facts == ("storage.disks",)
    assert str(first) == (
        "ask with sudo (allow the account sudo (decant sudoers); decant discover --sudo): "
        "settles 2 verdicts, 5 verdicts need it"
    )


def test_nothing_is_asked_for_where_nothing_decides() -> None:
    """What a note lacks, and what is known, need no collecting."""
    note = lacks("software.services", "not told", decides=False)
    ready = verdict(server("a"), Cloud.AWS, absent=(note,))
    assert collect_next([ready]) is None


def test_a_blocker_needs_nothing_more() -> None:
    """An axis that is settled already is not settled by more facts."""
    absent = (lacks("storage.disks", "not told"),)
    blocked = verdict(server("a"), Cloud.AWS, fit=Readiness.NOT_READY, absent=absent)
    assert collect_next([blocked]) is None


@pytest.mark.parametrize(
    ("fact", "why", "way"),
    [
        ("cpu.threads", "not asked", Way.DISCOVER),
        ("cpu.threads", "unreachable (refused)", Way.REACH),
        ("cpu.threads", "unreachable (the script ended before it came to this)", Way.DISCOVER),
        ("cpu.threads", "timed out", Way.TIME),
        ("cpu.threads", "not told", Way.LOOK),
        ("utilisation.sampled", "not asked", Way.SAMPLE),
        ("placement.virtual_disks", "not asked (known from vcenter alone)", Way.HYPERVISOR),
        ("os.version", "the lifecycle catalogue does not know debian 99", Way.CATALOGUE),
    ],
)
def test_the_way_follows_from_the_fact_and_the_reason(fact: str, why: str, way: Way) -> None:
    """Whoever reads that something is missing reads how it is learnt."""
    assert [found for found, _ in ways_of(lacks(fact, why))] == [way]


def test_every_way_says_how() -> None:
    """No advice without what to type, for every reason not to know."""
    assert set(HOW) == set(Way)
    for reason in Reason:
        assert list(ways_of(lacks("cpu.threads", reason.value)))


def test_the_facts_of_a_way_are_in_the_order_of_how_many_verdicts_need_them() -> None:
    """What most need stands first, not what comes first in the alphabet."""
    crypt = lacks("boot.secure_boot", "needs privilege (efivar)")
    sudo = lacks("storage.disks", "needs privilege (blkid)")
    (only,) = to_collect([unknown("a", crypt, sudo), unknown("b", sudo)])
    assert only.facts == ("storage.disks", "boot.secure_boot")


def test_what_is_needed_more_comes_first_where_nothing_settles_more() -> None:
    """Both settle one verdict; the second that is named is needed by one verdict more."""
    sudo = lacks("storage.disks", "needs privilege (blkid)")
    export = lacks("placement.virtual_disks", "not asked")
    asked = lacks("cpu.threads", "timed out")
    verdicts = [unknown("a", sudo), unknown("b", export), unknown("c", export, asked)]
    assert [each.way for each in to_collect(verdicts)] == [Way.HYPERVISOR, Way.SUDO, Way.TIME]


def test_what_another_axis_lacks_and_what_does_not_decide_is_not_counted() -> None:
    """A fit that is unknown is settled by what fit lacks, however much the move and notes lack."""
    told = unknown(
        "a",
        lacks("storage.disks", "needs privilege (blkid)"),
        lacks("cpu.threads", "timed out", Axis.MOVE),
        lacks("os.version", "not told", decides=False),
    )
    (only,) = to_collect([told])
    assert (only.way, only.settles) == (Way.SUDO, 1)
    assert str(only).endswith(": settles 1 verdict")
    more = to_collect([unknown("b", told.missing[0], lacks("cpu.threads", "timed out"))])
    assert str(more[0]).endswith(": settles none by itself, 1 verdict need it")


def test_a_rule_that_names_no_fact_asks_for_a_better_rule() -> None:
    """What it lacks cannot be collected, and no empty name stands among the facts."""
    broken = replace(lacks("x", "the rule broke: KeyError"), facts=())
    (only,) = to_collect([unknown("a", broken)])
    assert (only.way, only.facts) == (Way.RULES, ())
