"""What a store was lately seen to keep, so that it is neither written nor asked for again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from inventory.store.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inventory.store.texts import Text

_MOST: Final = 4096
"""How many digests are remembered: about half a megabyte."""


class Lately:
    """Digests of contents that are kept, those met last, and what facts they stand for.

    Contents are never taken away, so what was kept stays kept. What a transaction brings in may be
    remembered only when that has ended well. Safe to use from many threads.
    """

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.texts = Texts()
        self._digests: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, digest: str) -> bool:
        return digest in self._digests

    def add(self, digests: Iterable[str], texts: Sequence[Text] = ()) -> None:
        """Remember these, and forget those that were not met for longest."""
        self.texts.add(texts)
        with self._lock:
            for digest in digests:
                self._digests[digest] = None
                self._digests.move_to_end(digest)
            while len(self._digests) > _MOST:
                self._digests.popitem(last=False)
