"""Whatever a server says, and wherever it breaks off, an answer is whole or it is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.discovery.compose import compose
from inventory.discovery.frames import has_begun, read_answers
from inventory.errors import PluginError
from inventory.model.collector import Answer
from inventory.model.fact import Reason, Unknown

BOUNDARY = "0123456789abcdef"
CUT = Unknown(reason=Reason.UNREACHABLE, detail="cut")

ANSWERS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    st.tuples(st.binary(max_size=60), st.integers(min_value=0, max_value=123)),
    min_size=1,
    max_size=5,
)
NOISE = st.binary(max_size=60).filter(lambda data: b"DECANT" not in data)


def said(answers: dict[str, tuple[bytes, int]], noise: bytes = b"") -> bytes:
    """Return what a server that was asked these questions says."""
    frames = b"".join(
        f"\n@{BOUNDARY} begin {name}\n".encode()
        + data
        + f"\n@{BOUNDARY} end {name} {status}\n".encode()
        for name, (data, status) in answers.items()
    )
    return noise + f"\nDECANT 1 {BOUNDARY}\n".encode() + frames


def whole(answers: dict[str, tuple[bytes, int]]) -> dict[str, Answer]:
    """Return what a reader must be given."""
    return {
        name: Answer(text=data.decode("utf-8", "replace"), exit_status=status)
        for name, (data, status) in answers.items()
    }


@given(answers=ANSWERS, noise=NOISE)
def test_answers_come_back_as_they_were_said(
    answers: dict[str, tuple[bytes, int]], noise: bytes
) -> None:
    """Binary, empty and unended answers come through; what a login said before is passed over."""
    assert read_answers(said(answers, noise), answers, unfinished=CUT) == whole(answers)


@given(answers=ANSWERS, noise=NOISE, data=st.data())
def test_a_cut_anywhere_costs_only_what_was_not_finished(
    answers: dict[str, tuple[bytes, int]], noise: bytes, data: st.DataObject
) -> None:
    """Up to the cut every answer is whole and unchanged; from there on all are unknown."""
    everything = said(answers, noise)
    cut = data.draw(st.integers(min_value=0, max_value=len(everything)))
    got = read_answers(everything[:cut], answers, unfinished=CUT)
    finished = [name for name, answer in got.items() if answer is not CUT]
    assert finished == list(answers)[: len(finished)]
    assert {name: got[name] for name in finished} == {
        name: whole(answers)[name] for name in finished
    }
    assert (len(finished) == len(answers)) == (cut == len(everything))


@given(data=st.binary(max_size=300), answers=ANSWERS)
def test_nothing_that_is_said_raises(data: bytes, answers: dict[str, tuple[bytes, int]]) -> None:
    """Every question gets something, whatever the bytes, also within a frame."""
    for everything in (data, f"DECANT 1 {BOUNDARY}\n".encode() + data, said(answers) + data):
        assert read_answers(everything, answers, unfinished=CUT).keys() == answers.keys()


@given(answers=ANSWERS)
def test_an_answer_may_hold_the_frames_of_another_run(
    answers: dict[str, tuple[bytes, int]],
) -> None:
    """Frames within an answer (a log, a recorded run) frame nothing: their boundary is another."""
    other = said({"inner": (b"not this", 0)}).replace(BOUNDARY.encode(), b"fedcba9876543210")
    nested = {name: (data + other + data, status) for name, (data, status) in answers.items()}
    assert read_answers(said(nested), nested, unfinished=CUT) == whole(nested)


@pytest.mark.parametrize("status", [124, 137, 143])
def test_a_question_that_was_stopped_is_timed_out(status: int) -> None:
    """What ``timeout`` ends with is no answer, though something was said."""
    got = read_answers(
        said({"slow": (b"half", status), "next": (b"", 0)}), ["slow"], unfinished=CUT
    )
    assert isinstance(got["slow"], Unknown)
    assert got["slow"].reason is Reason.TIMED_OUT


def test_a_question_begun_again_is_answered_by_its_last_attempt() -> None:
    """What a question said before it was begun again is no part of its answer."""
    again = f"half\n@{BOUNDARY} begin slow\nwhole".encode()
    got = read_answers(said({"slow": (again, 0)}), ["slow"], unfinished=CUT)
    assert got["slow"] == Answer(text="whole", exit_status=0)


def test_a_question_that_was_never_asked_is_unfinished() -> None:
    """A recording of fewer questions does not answer more."""
    assert read_answers(said({"a": (b"", 0)}), ["a", "b"], unfinished=CUT)["b"] is CUT


def test_whether_the_script_ran_is_told() -> None:
    """A greeting alone is no answer."""
    assert has_begun(said({}, b"Welcome!"))
    assert not has_begun(b"This account is currently not available.\n")


@pytest.mark.parametrize("name", ["", "two words", "-x", "line\nfeed", "$(id)"])
def test_a_name_that_cannot_be_framed_is_refused(name: str) -> None:
    """A question's name cannot break the script."""
    with pytest.raises(PluginError, match="cannot be framed"):
        compose({name: "true"}, boundary=BOUNDARY, question_seconds=1)


@pytest.mark.parametrize(("script", "words"), [("echo \0", "'odd'"), ("#" * 200_000, "longer")])
def test_a_script_that_no_shell_takes_is_refused(script: str, words: str) -> None:
    """It is refused at our end, rather than failing silently on every server."""
    with pytest.raises(PluginError, match=words):
        compose({"odd": script}, boundary=BOUNDARY, question_seconds=1)


def test_a_weak_boundary_is_refused() -> None:
    """A boundary that an answer could hold by chance frames nothing."""
    with pytest.raises(ValueError, match="hexadecimal"):
        compose({}, boundary="short", question_seconds=1)
