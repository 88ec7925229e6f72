"""The texts of facts that a store keeps, remembered by the facts' identity.

Servers of one image state mostly the same, and discovery tells what it read before by the same fact
objects: what they are as text need not be worked out again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.model.fact import Observation

_REMEMBERED_BYTES: Final = 1024 * 1024
"""For how much text facts are remembered. They take some eight times as much, and discovery, which
remembers them too, has them anyway."""
_MET: Final = 4096
"""How many texts are known to have been met once."""

_Identity = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """The facts of one question, and what stands for them in a store."""

    told: Sequence[Observation]
    body: bytes
    """As in a :class:`inventory.store.statements.Statement`."""
    length: int
    """Of the body and all that it refers to, in bytes."""


class Texts:
    """Remembers texts that were met twice. Safe to use from many threads.

    What is met once, because no other server states it (its processes, its clock), pushes nothing
    out.
    """

    def __init__(self, limit_bytes: int = _REMEMBERED_BYTES) -> None:
        """Remember nothing yet, and never facts for more than ``limit_bytes`` of text."""
        self._limit = limit_bytes
        self._met: set[int] = set()
        self._known: OrderedDict[_Identity, Text] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def body(self, told: Sequence[Observation]) -> bytes | None:
        """Return the body that stands for these very facts; None when it is not remembered."""
        identity = _identity(told)
        with self._lock:
            known = self._known.get(identity)
            if known:
                self._known.move_to_end(identity)
        return known.body if known else None

    def add(self, texts: Sequence[Text]) -> None:
        """Remember these texts; what their bodies refer to must be kept by the store now."""
        with self._lock:
            for each in texts:
                mark = hash(each.body)
                if mark in self._met:
                    self._remember(each)
                else:
                    self._meet(mark)

    def _meet(self, mark: int) -> None:
        if len(self._met) >= _MET:
            self._met.clear()
        self._met.add(mark)

    def _remember(self, text: Text) -> None:
        identity = _identity(text.told)
        if identity not in self._known:
            # The facts are held with it, so that no others can get their identity.
            self._known[identity] = text
            self._held += text.length
        while self._held > self._limit:
            _, oldest = self._known.popitem(last=False)
            self._held -= oldest.length


def _identity(told: Sequence[Observation]) -> _Identity:
    """Return what no other facts have as long as these live; a fact may stand under many keys."""
    return tuple(number for each in told for number in (id(each.key), id(each.fact)))
