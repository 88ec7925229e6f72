"""An answer that was met before is not read again, and an unequal one always is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from inventory.discovery.memory import Readers
from inventory.model.collector import Answer, Collector
from inventory.model.fact import FactKey, Observation

NAME = FactKey[str](name="test.name", kind=str, help="A name")
ASKED = Collector(tells=(NAME,), read=lambda _: (), examples=())
CHANGED = {
    "text": Answer(text="b"),
    "exit_status": Answer(text="a", exit_status=1),
    "files": Answer(text="a", files={"/etc/hostname": "web-1\n"}),
    "denied": Answer(text="a", denied=frozenset({"/etc/shadow"})),
    "samples": Answer(text="a", samples=("1",)),
}


class Reader:
    """Counts what it reads."""

    def __init__(self) -> None:
        """Have read nothing."""
        self.read: list[Answer] = []

    def __call__(self, answer: Answer) -> tuple[Observation, ...]:
        """State the text."""
        self.read.append(answer)
        return (NAME.known(answer.text),)


def often(readers: Readers, reader: Reader, *answers: Answer, times: int = 3) -> None:
    """Read each answer several times, one after another."""
    for answer in answers:
        for _ in range(times):
            assert readers.read(ASKED, answer, reader) == (NAME.known(answer.text),)


def test_an_answer_is_read_twice_and_then_told_by_the_same_objects() -> None:
    """Whoever makes something of a fact may remember it by the fact's identity."""
    readers, reader = Readers(), Reader()
    often(readers, reader, Answer(text="a"))
    first = readers.read(ASKED, Answer(text="a"), reader)
    assert readers.read(ASKED, Answer(text="a"), reader) is first
    assert len(reader.read) == 2


@pytest.mark.parametrize("part", [each.name for each in fields(Answer)])
def test_an_answer_that_differs_in_any_part_is_read(part: str) -> None:
    """No server is told what another one said."""
    readers, reader = Readers(), Reader()
    often(readers, reader, Answer(text="a"))
    readers.read(ASKED, CHANGED[part], reader)
    assert reader.read[-1] == CHANGED[part]


def test_collectors_do_not_share_what_their_readers_made_of_equal_answers() -> None:
    """Most answers are empty: two collectors read different things out of that."""
    readers, mine, other = Readers(), Reader(), Reader()
    often(readers, mine, Answer())
    another = Collector(tells=(NAME,), read=lambda _: (), examples=())
    readers.read(another, Answer(), other)
    assert len(other.read) == 1


def test_a_failure_is_not_remembered() -> None:
    """It is raised for every server that gives the answer."""
    readers = Readers()

    def failing(answer: Answer) -> tuple[Observation, ...]:
        raise ValueError(answer.text)

    for _ in range(3):
        with pytest.raises(ValueError, match="a"):
            readers.read(ASKED, Answer(text="a"), failing)


def test_what_is_remembered_is_bounded() -> None:
    """The answers that were not met for the longest time are forgotten first."""
    readers, reader = Readers(limit_bytes=12_000), Reader()
    long = [Answer(text=letter * 1_000) for letter in "abc"]
    often(readers, reader, *long[:1])
    assert_remembered(readers, reader, long[0], told=True)
    often(readers, reader, *long[1:])
    assert_remembered(readers, reader, long[2], told=True)
    assert_remembered(readers, reader, long[0], told=False)


def test_an_answer_too_long_to_be_remembered_is_read_every_time() -> None:
    """It pushes nothing else out either."""
    readers, reader = Readers(limit_bytes=12_000), Reader()
    often(readers, reader, Answer(text="a"))
    often(readers, reader, Answer(text="b" * 10_000))
    assert_remembered(readers, reader, Answer(text="a"), told=True)
    assert_remembered(readers, reader, Answer(text="b" * 10_000), told=False)


def test_many_answers_that_no_other_server_gives_push_nothing_out() -> None:
    """Processes and clocks differ everywhere; what is alike is still remembered after them."""
    readers, reader = Readers(limit_bytes=12_000), Reader()
    often(readers, reader, Answer(text="a"))
    often(readers, reader, *(Answer(text=str(number)) for number in range(10_000)), times=1)
    assert_remembered(readers, reader, Answer(text="a"), told=True)


def assert_remembered(
    readers: Readers, reader: Callable[[Answer], object], answer: Answer, *, told: bool
) -> None:
    """Find an answer remembered, or not."""
    fresh = Reader()
    readers.read(ASKED, answer, fresh)
    assert (not fresh.read) is told, reader
