"""A reply becomes one observation for each key that was asked for, with its origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.discovery.read import unreached, visit_of
from inventory.errors import HostKeyError, PluginError
from inventory.model.asking import Ending, Reply
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Fact, FactKey, Known, Observation, Origin, Reason, Unknown
from inventory.model.run import Visit
from inventory.model.target import Target
from inventory.registry import Plugin

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TARGET = Target(transport="ssh", host="web-1", port=22)
NAME = FactKey[str](name="test.name", kind=str, help="A name")
SIZE = FactKey[int](name="test.size_bytes", kind=int, help="A size")
HEADER = "\nDECANT 1 0123456789abcdef\n"

Reader = Callable[[Answer], Sequence[Observation]]


def plugin(name: str, read: Reader, *tells: FactKey[str] | FactKey[int]) -> Plugin[Collector]:
    """Return a collector as the registry would load it."""
    value = Collector(script="true", tells=tells, read=read, examples=())
    return Plugin(name=name, help=name, value=value, path=Path(f"{name}.py"))


def first_line(answer: Answer) -> list[Observation]:
    """Read the name; say nothing of the size."""
    return [NAME.known(answer.text.split("\n")[0])]


def frame(name: str, text: str, status: int = 0) -> str:
    """Return one question's frame."""
    return f"\n@0123456789abcdef begin {name}\n{text}\n@0123456789abcdef end {name} {status}\n"


def visit(
    stdout: str,
    *plugins: Plugin[Collector],
    ending: Ending = Ending.FINISHED,
    exit_status: int | None = 0,
    run: str = "run-1",
) -> Visit:
    """Read a reply with these collectors."""
    reply = Reply(
        stdout=stdout.encode(),
        stderr=b"a warning",
        exit_status=exit_status,
        ending=ending,
        seconds=1.5,
    )
    collectors = {each.name: each for each in plugins}
    return visit_of(reply, target=TARGET, collectors=collectors, at=NOW, run=run)


def fact(visit: Visit, key: FactKey[str] | FactKey[int]) -> Fact[object]:
    """Return the one fact for a key."""
    (found,) = (each.fact for each in visit.observations if each.key is key)
    return found


def test_what_is_read_has_its_origin_and_the_raw_reply_is_kept() -> None:
    """Who said it, to which question, when and in which run is with every fact."""
    got = visit(HEADER + frame("os", "debian"), plugin("os", first_line, NAME))
    (observation,) = got.observations
    assert observation.fact == Known(value="debian")
    assert observation.origin == Origin(source="ssh://web-1", question="os", at=NOW, run="run-1")
    assert (got.unreachable, got.stderr, got.seconds) == (None, b"a warning", 1.5)
    assert b"debian" in got.raw


def test_servers_that_say_the_same_share_the_fact_and_keep_their_own_origins() -> None:
    """What is made of a fact may be remembered by its identity; who told it never gets mixed up."""
    asked = plugin("os", first_line, NAME)
    told = [visit(HEADER + frame("os", "debian"), asked, run=f"run-{turn}") for turn in range(4)]
    third, fourth = (each.observations[0] for each in told[2:])
    assert third.fact is fourth.fact
    assert [each.origin.run for each in (third, fourth) if each.origin] == ["run-2", "run-3"]
    other = visit(HEADER + frame("os", "alpine"), asked)
    assert fact(other, NAME) == Known(value="alpine")


def test_a_key_that_is_not_stated_is_not_told() -> None:
    """Silence is unknown, never "no"."""
    got = visit(HEADER + frame("os", "debian"), plugin("os", first_line, NAME, SIZE))
    assert fact(got, SIZE) == Unknown(reason=Reason.NOT_TOLD)


def test_a_reader_that_fails_costs_only_its_own_keys() -> None:
    """What could not be understood is unreadable, with the reason; the others are read."""

    def failing(answer: Answer) -> list[Observation]:
        return [SIZE.known(int(answer.text))]

    got = visit(
        HEADER + frame("disk", "many") + frame("os", "debian"),
        plugin("disk", failing, SIZE),
        plugin("os", first_line, NAME),
    )
    unreadable = fact(got, SIZE)
    assert isinstance(unreadable, Unknown)
    assert unreadable.reason is Reason.UNREADABLE
    assert unreadable.detail.startswith("ValueError: invalid literal")
    assert fact(got, NAME) == Known(value="debian")


def test_a_key_that_is_not_declared_fails_loud() -> None:
    """A collector that states more than it declares is a defect, and is named."""
    with pytest.raises(PluginError, match=r"'os' \(os\.py\) states 'test\.name'"):
        visit(HEADER + frame("os", "debian"), plugin("os", first_line, SIZE))


@pytest.mark.parametrize(
    ("ending", "reason", "words"),
    [
        (Ending.CUT, Reason.UNREACHABLE, "the connection was cut"),
        (Ending.TIMED_OUT, Reason.TIMED_OUT, "longer than the limit"),
        (Ending.TOO_LARGE, Reason.UNREACHABLE, "larger than the limit"),
        (Ending.FINISHED, Reason.UNREACHABLE, "the script ended before"),
    ],
)
def test_an_early_ending_leaves_the_rest_unknown(
    ending: Ending, reason: Reason, words: str
) -> None:
    """What was answered before counts; what was not says how it ended."""
    got = visit(
        HEADER + frame("os", "debian") + "\n@0123456789abcdef begin disk\n12",
        plugin("os", first_line, NAME),
        plugin("disk", lambda answer: [SIZE.known(int(answer.text))], SIZE),
        ending=ending,
    )
    assert got.unreachable is None
    assert fact(got, NAME) == Known(value="debian")
    missing = fact(got, SIZE)
    assert isinstance(missing, Unknown)
    assert missing.reason is reason
    assert words in missing.detail


@pytest.mark.parametrize("known_first", [True, False])
def test_known_wins_over_unknown(*, known_first: bool) -> None:
    """Of two collectors that state a key, the one that knows is believed."""
    knows = plugin("a" if known_first else "b", lambda _: [NAME.known("debian")], NAME)
    lacks = plugin(
        "b" if known_first else "a", lambda _: [NAME.unknown(Reason.NEEDS_PRIVILEGE)], NAME
    )
    got = visit(HEADER + frame("a", "") + frame("b", ""), *sorted((knows, lacks), key=_by_name))
    assert fact(got, NAME) == Known(value="debian")


def test_a_login_without_a_shell_is_unreachable_in_its_own_words() -> None:
    """A server that lets us in but runs nothing is not one about which nothing is known."""
    got = visit(
        "This account is currently\nnot available.\n",
        plugin("os", first_line, NAME),
        exit_status=1,
    )
    assert got.observations == ()
    assert got.unreachable is not None
    assert got.unreachable.reason is Reason.UNREACHABLE
    assert "(exit status 1)" in got.unreachable.detail
    assert "'This account is currently not available. a warning'" in got.unreachable.detail


def test_a_script_that_never_began_in_time_is_timed_out() -> None:
    """Waiting in vain is told from being refused."""
    got = visit("", plugin("os", first_line, NAME), ending=Ending.TIMED_OUT, exit_status=None)
    assert got.unreachable is not None
    assert got.unreachable.reason is Reason.TIMED_OUT


def test_a_server_that_was_not_reached_keeps_the_error_and_its_remedy() -> None:
    """The list of failures at the end says what to do about each."""
    error = HostKeyError("the key is not known", hint="add it")
    got = unreached(error, target=TARGET, at=NOW, seconds=2)
    detail = "the key is not known; add it"
    assert got.unreachable == Unknown(reason=Reason.UNREACHABLE, detail=detail)
    assert (got.target, got.at, got.seconds, got.observations) == ("ssh://web-1", NOW, 2, ())


def _by_name(each: Plugin[Collector]) -> str:
    return each.name
