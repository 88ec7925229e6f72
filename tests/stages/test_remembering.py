"""Promises of remembering: what is said is what would be said afresh, and it is asked seldom."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest

from inventory.model.fact import FactKey, Facts, Known, Observation, Reason, Unknown
from inventory.model.server import Server
from migrate.judging.judge import Judged, Panel
from migrate.judging.remembering import Memory
from migrate.model.verdict import Cloud
from tests.stages.test_classify import NOW, RULE_FILES, classifier

COLOUR = FactKey[str](name="test.colour", kind=str, help="Colour")
WEIGHT = FactKey[int](name="test.weight", kind=int, help="Weight")
PARTS = FactKey[tuple[str, ...]](name="test.parts", kind=tuple[str, ...], help="Parts")


class Sayings:
    """Voices that say what they read, and how often each was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def reading(self, *keys: FactKey[str] | FactKey[int] | FactKey[tuple[str, ...]]) -> Voice:
        """Return a voice that reads keys in this order, until one is unknown."""

        def said(facts: Facts) -> list[str]:
            self.asked[keys[0].name] += 1
            found = []
            for key in keys:
                fact = facts.of(key)
                found.append(f"{key.name} {fact!r}")
                if isinstance(fact, Unknown):
                    break
            return found

        return said


Voice = Callable[[Facts], list[str]]


def memory(*voices: Voice, kept: int = 32_768) -> Memory[list[str]]:
    """Make a memory of voices that say lists."""
    return Memory(voices, lambda said: [each for some in said for each in some], kept=kept)


def heard(made: Memory[list[str]], *observations: Observation) -> list[str]:
    """Return all that is said of these facts, in order."""
    facts = Facts.from_observations(observations)
    return sorted(each for some in made.hear(facts) for each in some)


def test_who_read_the_same_is_not_asked_again() -> None:
    """The third server of one colour costs no question, whatever else is known of it."""
    sayings = Sayings()
    made = memory(sayings.reading(COLOUR))
    first = heard(made, COLOUR.known("red"), WEIGHT.known(1))
    heard(made, COLOUR.known("red"), WEIGHT.known(2))
    before = sayings.asked.total()
    assert heard(made, COLOUR.known("red"), WEIGHT.known(3)) == first
    assert sayings.asked.total() == before


def test_what_differs_in_a_fact_that_is_read_is_told_apart() -> None:
    """Neither another value, nor True for 1, nor another reason is taken for the same."""
    sayings = Sayings()
    made = memory(sayings.reading(COLOUR, WEIGHT))
    weights: Sequence[Observation] = (
        WEIGHT.known(1), WEIGHT.known(2), WEIGHT.known(value=True),
        WEIGHT.unknown(Reason.NOT_TOLD), WEIGHT.unknown(Reason.NOT_TOLD, "empty"),
        WEIGHT.unknown(Reason.NOT_ASKED),
    )  # fmt: skip
    for _ in range(3):
        for weight in weights:
            told = heard(made, COLOUR.known("red"), weight)
            assert told == sorted(sayings.reading(COLOUR, WEIGHT)(
                Facts.from_observations((COLOUR.known("red"), weight))
            ))  # fmt: skip


def test_short_values_are_the_same_when_they_are_written_alike() -> None:
    """Two servers with one disk of the same size have it in common, though each told its own."""
    sayings = Sayings()
    made = memory(sayings.reading(PARTS))
    for _ in range(2):
        heard(made, PARTS.known(("wheel", "door")))
    before = sayings.asked.total()
    assert heard(made, PARTS.known(("wheel", "do" + "or"))) == [
        f"test.parts {Known(value=('wheel', 'door'))!r}"
    ]
    assert sayings.asked.total() == before
    assert heard(made, PARTS.known(("wheel",))) != heard(made, PARTS.known(("wheel door",)))


def test_long_values_are_the_same_only_when_they_are_one() -> None:
    """A tuple that comes again by itself is known; one that is gone is not mistaken for another."""
    sayings = Sayings()
    made = memory(sayings.reading(PARTS))
    for number in range(3_000):
        parts = tuple(f"part {number} {each}" for each in range(40))
        assert heard(made, PARTS.known(parts)) == [f"test.parts {Known(value=parts)!r}"]
    same = tuple(f"part {each}" for each in range(40))
    heard(made, PARTS.known(same))
    heard(made, PARTS.known(same))
    before = sayings.asked.total()
    heard(made, PARTS.known(same))
    assert sayings.asked.total() == before


@pytest.mark.parametrize("read", [list, lambda facts: str(facts.observations), repr])
def test_who_looks_at_everything_is_asked_each_time(read: Callable[[Facts], object]) -> None:
    """What reads facts otherwise than by their keys may see anything, so it is never remembered."""
    asked = []

    def said(facts: Facts) -> list[str]:
        asked.append(read(facts))
        return [facts.of(COLOUR).__class__.__name__, str(len(facts))]

    made = memory(said)
    for _ in range(4):
        assert heard(made, COLOUR.known("red")) == ["1", "Known"]
    assert heard(made, COLOUR.known("red"), WEIGHT.known(1)) == ["2", "Known"]
    assert len(asked) >= 5


def test_it_forgets_rather_than_grow_without_end() -> None:
    """However many servers are shown, what is held of them stays bounded, and is told right."""
    sayings = Sayings()
    made = memory(sayings.reading(WEIGHT, COLOUR), kept=200)
    for number in range(24_000):
        weight = WEIGHT.known(number // 3 if number < 3_000 else number)
        assert heard(made, weight)[1] == f"test.weight {weight.fact!r}"
        assert made._branches <= 202
    assert len(made._once) <= 16_386


def _mixed(count: int) -> Iterator[Server]:
    """Make servers of facts out of the examples of all rules, some of them unknown."""
    told: dict[str, list[Observation]] = {}
    for plugin in RULE_FILES.values():
        for example in plugin.value.examples:
            for each in example.facts:
                told.setdefault(each.key.name, []).append(each)
    reasons = (None, None, Unknown(reason=Reason.UNREACHABLE, detail="timed out"))
    for number in range(count):
        draw = random.Random(number)
        share = draw.choice((0.3, 0.8, 1.0))
        chosen = [draw.choice(told[name]) for name in sorted(told) if draw.random() < share]
        facts = [
            each.key.unknown(draw.choice(list(Reason))) if draw.random() < 0.05 else each
            for each in chosen
        ]
        yield Server(
            id=f"{number}",
            name=f"mixed-{number}",
            target="",
            facts=Facts.from_observations(facts),
            unreachable=draw.choice(reasons),
            first_seen=NOW,
            last_asked=NOW,
        )


def test_every_rule_says_of_the_hundredth_server_what_it_says_of_the_first() -> None:
    """A panel that has judged many servers judges each as one that has judged none."""
    around = classifier().around
    worn = Panel(RULE_FILES, around)
    servers = list(_mixed(150))
    for server in servers:
        worn.judge(server)

    def afresh(server: Server) -> dict[Cloud, Judged]:
        return Panel(RULE_FILES, around).judge(server)

    for server in servers:
        assert worn.judge(server) == afresh(server)
