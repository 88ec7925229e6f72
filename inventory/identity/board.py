"""The servers as they stand while records are merged, and who has to be compared with whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from inventory.identity.clusters import Cluster, united
from inventory.identity.judging import Judgement, judge
from inventory.identity.sharing import MOST_HOLDERS, Mark, Shared

Pair = tuple[int, int]
"""Numbers of two servers on the board, the lower first."""


class Board:
    """Servers by number, and for each two that have something in common, what is said of them.

    Who has a value is looked up, so that nobody is compared with everybody.
    """

    def __init__(self, clusters: Iterable[Cluster], shared: Mapping[Mark, Shared]) -> None:
        self.clusters: dict[int, Cluster] = {}
        self.judgements: dict[Pair, Judgement] = {}
        self._shared = shared
        self._holders: dict[Mark, set[int]] = {}
        self._beside: dict[int, set[int]] = {}
        self._next = 0
        for each in clusters:
            self._put(each)
        for number in list(self.clusters):
            self._compare(number)

    def between(self, one: int, other: int) -> Judgement:
        """Return what is said of two servers, also when they have nothing in common."""
        pair = (one, other) if one < other else (other, one)
        found = self.judgements.get(pair)
        return found or judge(self.clusters[one], self.clusters[other], self._shared)

    def merge(self, numbers: Iterable[int]) -> int:
        """Make one server of several, and return its number."""
        listed = sorted(numbers)
        merged = united(self.clusters[each] for each in listed)
        for each in listed:
            self._take(each)
        number = self._put(merged)
        self._compare(number)
        return number

    def _put(self, cluster: Cluster) -> int:
        number, self._next = self._next, self._next + 1
        self.clusters[number] = cluster
        for mark in self._marks(cluster):
            self._holders.setdefault(mark, set()).add(number)
        return number

    def _take(self, number: int) -> None:
        for mark in self._marks(self.clusters.pop(number)):
            self._holders[mark].discard(number)
        for other in self._beside.pop(number, set()):
            self._beside[other].discard(number)
            del self.judgements[min(number, other), max(number, other)]

    def _compare(self, number: int) -> None:
        cluster = self.clusters[number]
        near = {each for mark in self._marks(cluster) for each in self._few(mark)} - {number}
        for other in near:
            pair = (min(number, other), max(number, other))
            if pair not in self.judgements:
                self.judgements[pair] = judge(cluster, self.clusters[other], self._shared)
                self._beside.setdefault(number, set()).add(other)
                self._beside.setdefault(other, set()).add(number)

    def _few(self, mark: Mark) -> Iterable[int]:
        """Return who has a value, unless so many do that it is no use to compare them."""
        holders = self._holders[mark]
        return () if len(holders) > MOST_HOLDERS else holders

    @staticmethod
    def _marks(cluster: Cluster) -> Iterator[Mark]:
        return ((kind, value) for kind, values in cluster.marks.items() for value in values)
