"""The gate over every state of a world of words: exceptions, waits, owners, keys and intruders.

`python -m tests.stages.test_gate_words START EVENTS` goes further than there is time for here.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.stages.gate_words import State, allowed, events, is_stricter, may, told

_AGREED = ("tcp passes", "scan passes", "Ann agrees", "Ben agrees")
_EXCEPTED = ("tcp passes", "scan fails", "Ann excepts scan", "Ben excepts scan")
STARTS = {
    "nothing": State(),
    "agreed": told(State(), *_AGREED, "clock"),
    "ready": told(State(), *_AGREED, "clock", "quiet passes", "clock"),
    "excepted": told(State(), *_EXCEPTED, "Ann agrees", "Ben agrees", "clock", "clock"),
}


@dataclass
class Explored:
    """What was met."""

    states: int = 0
    transitions: int = 0
    permitted: int = 0
    stricter: int = 0
    """Where it refused what could have been allowed."""
    happened: Counter[str] = field(default_factory=Counter)


def explore(start: State, many: int) -> Explored:
    """Visit every state once that so many events lead to, and hold the gate to its history."""
    found, seen, now = Explored(), {start}, [start]
    for left in range(many, -1, -1):
        then: list[State] = []
        for state in now:
            found.states += 1
            _judge(state, found)
            for name, each in events(state) if left else ():
                found.transitions += 1
                found.happened[name] += 1
                if each not in seen:
                    seen.add(each)
                    then.append(each)
        now = then
    return found


def _judge(state: State, found: Explored) -> None:
    opens, could = allowed(state), may(state)
    assert could or not opens, state
    assert opens or not could or is_stricter(state), state
    found.permitted += opens
    found.stricter += could and not opens


@pytest.mark.parametrize(
    ("start", "many", "least"),
    [("nothing", 2, 400), ("agreed", 2, 400), ("ready", 3, 8_000), ("excepted", 3, 8_000)],
)
def test_no_order_of_words_opens_the_gate_without_the_full_condition(
    start: str, many: int, least: int
) -> None:
    """It opens when the history says so; less often only where one key spoke for two partners."""
    found = explore(STARTS[start], many)
    assert found.states > least
    # Without these the rest would prove nothing.
    assert bool(found.permitted) is (start != "nothing")
    assert found.happened["intruder writes an act"]


@pytest.mark.parametrize(
    ("events_before", "opens"),
    [
        ((*_AGREED, "clock", "quiet passes", "clock"), True),
        ((*_AGREED, "quiet passes", "clock", "clock"), False),
        ((*_AGREED, "clock", "quiet passes", "clock", "Eve agrees"), False),
        ((*_AGREED, "clock", "clock", "quiet fails"), False),
        ((*_AGREED, "clock", "clock", "quiet fails", "Ann excepts quiet"), False),
        ((*_AGREED, "clock", "clock", "Ann excepts quiet", "Bob excepts quiet"), False),
        ((*_AGREED, "clock", "clock", "Ann excepts quiet", "Ben excepts quiet"), True),
        ((*_AGREED, "Ann excepts quiet", "Ben excepts quiet", "clock", "clock"), False),
    ],
)
def test_the_world_of_words_has_both_ends(events_before: tuple[str, ...], opens: bool) -> None:  # noqa: FBT001
    """Some orders of the same words open the gate and others do not."""
    state = told(State(), *events_before)
    assert (allowed(state), may(state)) == (opens, opens)


def main() -> None:
    """Explore as far as is asked, and tell what was met."""
    began = time.process_time()
    found = explore(STARTS[sys.argv[1]], int(sys.argv[2]))
    print(f"from {sys.argv[1]}, {sys.argv[2]} events")  # noqa: T201
    print(f"{found.states} states, {found.transitions} transitions")  # noqa: T201
    print(f"{found.permitted} permitted; {found.stricter} refused for a shared key alone")  # noqa: T201
    print(f"{time.process_time() - began:.0f} s of processor")  # noqa: T201
    for name, count in sorted(found.happened.items()):
        print(f"{count:9} {name}")  # noqa: T201


if __name__ == "__main__":
    main()
