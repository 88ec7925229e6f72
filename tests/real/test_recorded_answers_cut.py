"""What servers once answered, kept whole, cut and garbled: what is left is read as it was meant."""

from __future__ import annotations

import pytest
from estate.recorded import RECORDINGS, Recording, told
from estate.washing import BOUNDARY
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.discovery.frames import frames
from inventory.model.fact import Known, Observation, Reason, Unknown

every = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda each: each.name)


def wrong(recording: Recording, cut: bytes) -> dict[str, object]:
    """Return what a cut answer states otherwise than the whole one, though it was not cut there."""
    answered = frames(cut).keys()
    lost = {each.partition("~")[0] for each in frames(recording.data).keys() - answered}
    return {
        each.key.name: each.fact
        for each in told(cut)
        if isinstance(each.fact, Known)
        and each.fact != recording.facts[each.key.name].fact
        and each.origin
        and each.origin.question not in lost
    }


@every
def test_an_answer_that_ends_at_a_frame_states_nothing_wrong(recording: Recording) -> None:
    """A connection may break between any two questions."""
    mark, end = b"\n@" + BOUNDARY, 0
    while (end := recording.data.find(mark, end + 1)) >= 0:
        assert wrong(recording, recording.data[:end]) == {}


@every
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_answer_that_ends_anywhere_states_nothing_wrong(
    recording: Recording, data: st.DataObject
) -> None:
    """A connection may break at any byte."""
    end = data.draw(st.integers(min_value=0, max_value=len(recording.data)))
    assert wrong(recording, recording.data[:end]) == {}


@every
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_garbled_answer_is_read(recording: Recording, data: st.DataObject) -> None:
    """Whatever bytes stand in whatever place: every key is told of, and nothing is unreadable."""
    start = data.draw(st.integers(min_value=0, max_value=len(recording.data)))
    length = data.draw(st.integers(min_value=0, max_value=200))
    noise = data.draw(st.binary(max_size=200))
    garbled = recording.data[:start] + noise + recording.data[start + length :]
    stated: tuple[Observation, ...] = told(garbled)
    assert {each.key.name for each in stated} == set(recording.facts)
    unreadable = [
        each
        for each in stated
        if isinstance(each.fact, Unknown) and each.fact.reason is Reason.UNREADABLE
    ]
    assert unreadable == []
