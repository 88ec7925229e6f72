"""Promises of the sieve: it finds what tells something, and looks at nothing twice."""

from __future__ import annotations

from inventory.applications.sieve import Sieve


def test_what_tells_something_comes_through_each_time_and_is_looked_at_once() -> None:
    """However often it is shown, beside whatever else."""
    looked = []

    def tells(name: str) -> bool:
        looked.append(name)
        return name.startswith("nginx")

    sieve = Sieve(tells)
    assert sieve.through(["nginx", "bash", "cron", "bash"]) == {"nginx"}
    assert sieve.through(["bash", "nginx", "nginx-full"]) == {"nginx", "nginx-full"}
    assert sieve.through(["bash", "cron"]) == set()
    assert sorted(looked) == ["bash", "cron", "nginx", "nginx-full"]


def test_it_is_right_beyond_what_it_can_remember() -> None:
    """More things than are kept are told apart as the first were, and what is kept is bounded."""
    sieve = Sieve(lambda number: number % 1_000 == 0)
    for begin in range(0, 200_000, 500):
        some = range(begin, begin + 500)
        assert sieve.through(some) == {each for each in some if each % 1_000 == 0}
    assert sieve.through(range(1_001)) == {0, 1_000}
    assert len(sieve._silent) + len(sieve._telling) <= 70_000
