"""Remembers what answers were read as: many servers of an estate say the same.

Servers of one image have the same packages, users and settings, and a server that is asked again
has mostly what it had. Such an answer is read twice in a run, however many servers give it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from inventory.model.collector import Answer, Collector
    from inventory.model.fact import Observation

    Reading = tuple[Observation, ...]
    Key = tuple[Hashable, ...]

_BYTES: Final = 8 * 1024 * 1024
"""What all that is remembered may take, by estimate."""
_SAID: Final = 4096
"""How many answers are known to have been met once."""
_TIMES: Final = 4
"""How many times as much as its text an answer takes, with what was read of it: between one and a
half and two and a half, and five and a half where it is a list of packages."""
_LEAST: Final = 1_500
"""What an answer takes besides, in bytes."""


class Readers:
    """Reads each answer that was met twice no more. Safe to use from many threads.

    An answer that is remembered is told by the same observations, and so by the same fact objects,
    as before: whoever makes something of a fact may remember it by the fact's identity.

    Only what was met before is remembered, so that the many answers that no other server gives
    (its processes, its clock) push nothing out.
    """

    def __init__(self, limit_bytes: int = _BYTES) -> None:
        """Remember nothing yet, and never more than ``limit_bytes``."""
        self._limit = limit_bytes
        self._held = 0
        self._met: set[int] = set()
        # Each reading stands with its collector, so that no other can get that one's identity.
        self._known: OrderedDict[Key, tuple[Collector, Reading]] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, collector: Collector, answer: Answer, reader: Callable[[Answer], Reading]
    ) -> Reading:
        """Return what ``reader`` makes of an answer, or made of an equal one.

        A collector must always be given with the same reader. Raises what the reader raises; that
        is not remembered.
        """
        key = _key(collector, answer)
        with self._lock:
            found = self._known.get(key)
            if found:
                self._known.move_to_end(key)
                return found[1]
        told = reader(answer)
        with self._lock:
            self._keep(key, collector, told)
        return told

    def _keep(self, key: Key, collector: Collector, told: Reading) -> None:
        mark = hash(key)
        if mark not in self._met:
            if len(self._met) >= _SAID:
                self._met.clear()
            self._met.add(mark)
        elif key not in self._known and _size(key) <= self._limit:
            self._known[key] = (collector, told)
            self._held += _size(key)
            while self._held > self._limit:
                oldest, _ = self._known.popitem(last=False)
                self._held -= _size(oldest)


def _key(collector: Collector, answer: Answer) -> Key:
    """Return all that an answer holds, so that two are equal when their keys are."""
    return (
        id(collector),
        answer.text,
        answer.exit_status,
        tuple(answer.files.items()),
        answer.denied,
        answer.samples,
    )


def _size(key: object) -> int:
    """Estimate what an answer of this key and its reading take, in bytes."""
    return _LEAST + _TIMES * _characters(key)


def _characters(part: object) -> int:
    if isinstance(part, str):
        return len(part)
    return sum(map(_characters, part)) if isinstance(part, (tuple, frozenset)) else 0
