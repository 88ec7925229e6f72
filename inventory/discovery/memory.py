"""Remembers what long answers were read as: many servers of an estate say the same.

Servers of one image have the same packages, and a server that is asked again has mostly what it
had. Such an answer is read once in a run.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inventory.model.collector import Answer, Collector
    from inventory.model.fact import Observation
    from inventory.registry import Plugin

_WORTH_CHARACTERS: Final = 2_000
"""Shorter answers are read anew: that costs little, and they are seldom alike."""
_KEPT: Final = 2
"""How many of each collector's answers are remembered, the latest: more would be a lot of memory
where every server's answer is another."""

Remembered = tuple[str, int, tuple["Observation", ...]]


class Readers:
    """Reads answers, each long one once. Safe to use from many threads."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Plugin[Collector], list[Remembered]]] = {}
        self._lock = threading.Lock()

    def read(self, plugin: Plugin[Collector], answer: Answer) -> tuple[Observation, ...]:
        """Return what the collector reads in its answer; raises what its reader raises."""
        alone = not plugin.value.files and not plugin.value.guarded and not answer.samples
        if not alone or len(answer.text) < _WORTH_CHARACTERS:
            return tuple(plugin.value.read(answer))
        # The plug-in is kept with what it read, so that no other can get its identity.
        _, latest = self._known.get(id(plugin), (plugin, []))
        for text, status, observations in latest:
            if status == answer.exit_status and text == answer.text:
                return observations
        told = tuple(plugin.value.read(answer))
        with self._lock:
            newest = [(answer.text, answer.exit_status, told), *latest]
            self._known[id(plugin)] = (plugin, newest[:_KEPT])
        return told
