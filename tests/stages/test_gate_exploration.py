"""The gate over every reachable state of a small playbook, under all orders of events.

`python -m tests.stages.test_gate_exploration nothing|proved EVENTS` goes further than there is time
for here.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.stages.gate_world import (
    OFF,
    STOP,
    Bounds,
    State,
    allowed,
    events,
    may,
    next_acts,
    proved,
)

STARTS = {"nothing": State(), "proved": proved()}


@dataclass
class Explored:
    """What was met."""

    states: int = 0
    transitions: int = 0
    permitted: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    happened: Counter[str] = field(default_factory=Counter)


def explore(start: State, bounds: Bounds) -> Explored:
    """Visit every state once, and hold the gate to what really happened in each of them."""
    found, seen, now = Explored(), {start}, [start]
    for _ in range(bounds.events + 1):
        then: list[State] = []
        for state in now:
            found.states += 1
            for stage in next_acts(state):
                _judge(state, stage, found)
            for name, each in events(state, bounds):
                found.transitions += 1
                found.happened[name] += 1
                if each not in seen:
                    seen.add(each)
                    then.append(each)
        now = then
    return found


def _judge(state: State, stage: str, found: Explored) -> None:
    opens = allowed(state, stage)
    assert opens == may(state, stage), (stage, state)
    if opens:
        found.permitted[stage] += 1
    else:
        found.refused += 1


@pytest.mark.parametrize(("start", "many"), [("nothing", 7_000), ("proved", 7_000)])
def test_no_order_of_events_leads_to_an_act_without_its_full_condition(
    start: str, many: int
) -> None:
    """In each state reached by four events the gate opens exactly when the full condition holds."""
    found = explore(STARTS[start], Bounds(events=4, words=4))
    assert found.states > many
    # Without these the rest would prove nothing: acts are permitted, and crashes happen.
    assert found.permitted[STOP]
    assert found.permitted[OFF] or start == "nothing"
    assert found.happened["stop, crash after"]
    assert found.refused > found.permitted[STOP]


def main() -> None:
    """Explore as far as is asked, and tell what was met."""
    bounds = Bounds(events=int(sys.argv[2]), words=4)
    began = time.monotonic()
    found = explore(STARTS[sys.argv[1]], bounds)
    print(f"from {sys.argv[1]}: {bounds}")  # noqa: T201
    print(f"{found.states} states, {found.transitions} transitions, {found.refused} refusals")  # noqa: T201
    print(f"permitted: {dict(found.permitted)}; {time.monotonic() - began:.0f} s")  # noqa: T201
    for name, count in sorted(found.happened.items()):
        print(f"{count:9} {name}")  # noqa: T201


if __name__ == "__main__":
    main()
