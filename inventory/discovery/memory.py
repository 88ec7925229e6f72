"""Remembers what long answers were read as: many servers of an estate say the same.

Servers of one image have the same packages, and a server that is asked again has mostly what it
had. Such an answer is read once in a run.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inventory.model.collector import Answer, Collector
    from inventory.model.fact import Observation
    from inventory.registry import Plugin

_WORTH_CHARACTERS: Final = 2_000
"""Shorter answers are read anew: that costs little, and they are seldom alike."""
_KEPT: Final = 32
"""How many are remembered: the latest."""

Remembered = tuple["Plugin[Collector]", tuple["Observation", ...]]


class Readers:
    """Reads answers, each long one once. Safe to use from many threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str, int], Remembered] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, plugin: Plugin[Collector], answer: Answer) -> tuple[Observation, ...]:
        """Return what the collector reads in its answer; raises what its reader raises."""
        alone = not plugin.value.files and not plugin.value.guarded and not answer.samples
        if not alone or len(answer.text) < _WORTH_CHARACTERS:
            return tuple(plugin.value.read(answer))
        key = (id(plugin), answer.text, answer.exit_status)
        known = self._known.get(key)
        if known is None:
            # The plug-in is kept with what it read, so that no other can get its identity.
            known = (plugin, tuple(plugin.value.read(answer)))
            self._keep(key, known)
        return known[1]

    def _keep(self, key: tuple[int, str, int], known: Remembered) -> None:
        with self._lock:
            self._known[key] = known
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
